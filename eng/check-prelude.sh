#!/usr/bin/env bash
# The prelude's files each parse as one function expression, in strict mode, and touch no global they do not take first.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
answer_help "$@"
for file in "$root"/src/Enclave.Worker/Bootstrap/*.js; do
  "$engine/node" --input-type=commonjs -e '
    const fs = require("fs"), vm = require("vm");
    const value = vm.runInNewContext(fs.readFileSync(process.argv[1], "utf8"), {}, { filename: process.argv[1] });
    if (typeof value !== "function" || value.length > 1) throw new Error("is not one function of the bridges");
    if (!/^\(?function \(\w*\) \{\s*\x27use strict\x27;/m.test(String(value))) throw new Error("is not strict");
  ' "$file" || { echo "$file"; exit 1; }
done

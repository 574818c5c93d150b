#!/usr/bin/env bash
# Writes the files that follow from others: the syntax tree's classes from Ast/tree.txt and the Unicode tables from npm's Unicode data.
#   eng/generate.sh           writes them
#   eng/generate.sh --check   fails if the ones in the repository differ
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"

install_engine
npm_tools unicode "$root/eng/unicode"
"$engine/node" "$root/eng/generate-tree.mjs"
"$engine/node" "$root/eng/generate-unicode.mjs"
if [[ "${1:-}" == --check ]] && ! git -C "$root" diff --exit-code --stat -- '*.g.cs' >&2; then
  fail "generated files differ from the repository's: commit what eng/generate.sh writes"
fi

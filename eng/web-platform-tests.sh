#!/usr/bin/env bash
# The web-platform-tests of the globals of scripts, each file a run at PERMISSIVE under the preset javascript.
#   eng/web-platform-tests.sh FOLDER          prints the share of each area; fails if tests/web-platform-tests.txt does not name what fails, or names more
#   eng/web-platform-tests.sh FOLDER --only url/     only the files whose path contains the text
#   eng/web-platform-tests.sh FOLDER --show   prints what is known to fail, too
# FOLDER is a checkout of the repository web-platform-tests/wpt. Nothing of it is kept here. These parts of it are enough:
#   git clone --depth 1 --filter=blob:none --sparse ADDRESS wpt && cd wpt
#   git sparse-checkout set resources common url encoding dom html/webappapis FileAPI fetch xhr/formdata WebCryptoAPI hr-time webidl console
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
answer_help "$@"
[[ -f "${1:-}/resources/testharness.js" ]] || fail "give the folder of a checkout of web-platform-tests (see --help)"
folder=$(readlink -f "$1")
shift
setup
"$engine/node" "$root/eng/web-platform-tests.mjs" "$folder" --known "$root/tests/web-platform-tests.txt" \
  --command "dotnet $artifacts/bin/Enclave.Cli/$configuration/Enclave.Cli.dll" "$@"

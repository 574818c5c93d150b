#!/usr/bin/env bash
# Judges what stands in deploy/: manifests and Compose file by their schemas, the seccomp profile, and whether all of it agrees with itself and with the command line.
# Offline, in seconds, after a build.
#   deploy/check.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/setup.sh"
answer_help "$@"
program="$artifacts/bin/Enclave.Cli/$configuration/Enclave.Cli.dll"
[[ -f "$program" && -x "$engine/node" ]] || fail "build first: ./enclave --version"
npm_tools deploy "$root/deploy/check"
# Packages are found from where a module lies.
work="$artifacts/npm/deploy"
rm -f "$work"/*.mjs && cp "$root"/deploy/check/*.mjs "$work/"
for script in "$root"/deploy/*.sh; do bash -n "$script"; done
"$engine/node" "$work/check.mjs" "$root" "$program"
ENCLAVE_ROOT="$root" ENCLAVE_PROGRAM="$program" "$engine/node" --test --test-reporter=tap "$work"/*.test.mjs | grep -E '^not ok|^ +(error|actual|expected)|^# (pass|fail) '
exit "${PIPESTATUS[0]}"

#!/usr/bin/env bash
# Checks deploy/: manifests and Compose file against their schemas, the seccomp profile, and whether all files agree with each other and with the command line.
# Offline, in seconds, after a build.
#   deploy/check.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/setup.sh"
answer_help "$@"
program="$artifacts/bin/Enclave.Cli/$configuration/Enclave.Cli.dll"
[[ -f "$program" && -x "$engine/node" ]] || fail "build first: ./enclave --version"
npm_tools deploy "$root/deploy/check"
# Node finds packages relative to a module's own place.
work="$artifacts/npm/deploy"
rm -f "$work"/*.mjs && cp "$root"/deploy/check/*.mjs "$work/"
for script in "$root"/deploy/*.sh; do bash -n "$script"; done
"$engine/node" "$work/check.mjs" "$root" "$program"
ENCLAVE_ROOT="$root" ENCLAVE_PROGRAM="$program" "$engine/node" --test --test-reporter=tap "$work"/*.test.mjs \
  | grep -E '^not ok|^ +(error|actual|expected)|^# (pass|fail) '
exit "${PIPESTATUS[0]}"

#!/usr/bin/env bash
# Runs the corpora at every level under a filter that names what it refuses, and prints each call that a worker made beyond the table.
# Add a call that workers need by hand, with its reason: src/Enclave.Workers/Isolation/Seccomp/syscalls.x86-64.txt
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
answer_help "$@"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
"$root/test.sh" --full --only Attacks --method '*SystemCallTests*' >"$log" 2>&1 || status=$?
names=/usr/include/x86_64-linux-gnu/asm/unistd_64.h
{ grep -oE '^ *[0-9]+ \([0-9a-f, ]+\)' "$log" || true; } | sort -un | while read -r number arguments; do
  name=$(sed -n "s/^#define __NR_\([a-z0-9_]*\) $number\$/\1/p" "$names" 2>/dev/null)
  printf '%s %s %s\n' "$number" "${name:-?}" "$arguments"
done
tail -1 "$log"
exit $status

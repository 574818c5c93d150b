#!/usr/bin/env bash
# Runs test projects on a machine that is busy or that stalls, and names the tests that fail: eng/stress-tests.sh [--first] [--rounds N] [--load N] [--stall]
# [NAME...]
#   eng/stress-tests.sh                       every project five times, with twice as many busy processes as cores
#   eng/stress-tests.sh --rounds 1 --stall    once, and the test process is stopped for 150 ms at random moments
#   eng/stress-tests.sh --first --rounds 10   ten times the projects of the first tier
#   eng/stress-tests.sh --rounds 20 Host      twenty times the projects whose name contains Host
# The counts are the usual ones; ENCLAVE_TEST_FULL=1 chooses the full ones. Needs a build: run ./test.sh before.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$root/eng/tests.sh"
answer_help "$@"

first=0 rounds=5 load=$((2 * $(nproc))) stall=0 names=()
while (($#)); do
  case "$1" in
    --rounds) rounds=${2:?--rounds needs a number}; shift ;;
    --load) load=${2:?--load needs a number of processes}; shift ;;
    --first) first=1 ;;
    --stall) stall=1 ;;
    -*) fail "unknown option $1: eng/stress-tests.sh --help" ;;
    *) names+=("$1") ;;
  esac
  shift
done

export DOTNET_EnableDiagnostics=0
results="$artifacts/stress-results"
rm -rf "$results" && mkdir -p "$results"
temporary=$(mktemp -d "${TMPDIR:-/tmp}/enclave-stress-XXXXXX") && chmod 1777 "$temporary"
running=()
end() {
  ((${#running[@]} == 0)) || kill "${running[@]}" 2>/dev/null || true
  rm -rf "$temporary"
}
trap end EXIT
trap 'exit 130' INT TERM

for ((i = 0; i < load; i++)); do
  (while :; do :; done) &
  running+=($!)
done

# stop_at_random PID: while the process lives, stops it for 150 ms every half second to three seconds.
stop_at_random() {
  while sleep "$((RANDOM % 3)).$((5 + RANDOM % 5))" && kill -STOP "$1" 2>/dev/null; do
    sleep 0.15
    kill -CONT "$1" 2>/dev/null || break
  done
}

failed=0
for folder in "$root"/tests/Enclave.*Tests; do
  name=$(basename "$folder")
  [[ $first == 0 ]] || is_first "$name" || continue
  wanted=$((${#names[@]} == 0))
  for part in "${names[@]}"; do [[ "$name" != *"$part"* ]] || wanted=1; done
  [[ $wanted == 1 ]] || continue
  for ((round = 1; round <= rounds; round++)); do
    log="$results/$name.$round.log" started=$SECONDS status=0 stopper=""
    mkdir "$temporary/$name" && chmod 1777 "$temporary/$name"
    TMPDIR="$temporary/$name" dotnet "$artifacts/bin/$name/$configuration/$name.dll" -noColor >"$log" 2>&1 &
    tests=$!
    if [[ $stall == 1 ]]; then stop_at_random "$tests" & stopper=$!; fi
    wait "$tests" || status=$?
    [[ -z "$stopper" ]] || kill "$stopper" 2>/dev/null || true
    rm -rf "${temporary:?}/$name"
    printf '%-28s round %d  %-6s %4d s\n' "$name" "$round" "$([[ $status == 0 ]] && echo ok || echo FAILED)" "$((SECONDS - started))"
    if [[ $status != 0 ]]; then
      failed=$((failed + 1))
      grep '\[FAIL\]' "$log" || tail -5 "$log"
    fi
  done
done
echo "$failed runs failed; their output is in ${results#"$root/"}"
[[ $failed == 0 ]]

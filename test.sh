#!/usr/bin/env bash
# Sets up what is missing, then runs the checks and every test.
#   ./test.sh                 the usual counts, about 10 minutes on two cores after a build
#   ./test.sh --full          the full counts, more than an hour
#   ./test.sh --only Host     test projects whose name contains the text, without the checks
#   ./test.sh --only Attacks --method '*buffer*'
#   ./test.sh --only Cluster  brokers, runtimes, PostgreSQL and RabbitMQ under faults; ENCLAVE_CHAOS_SEED=N repeats a run
#   ./test.sh --only demo     the demo page, in Chromium, on real processes
#   ./test.sh --soak 30       the soak alone, for so many minutes: all kinds of jobs while workers are killed and stopped
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"

usage() { sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
only="" method=() full=0 packages="" soak=""
while (($#)); do
  case "$1" in
    --full) full=1 packages=--full ;;
    --only) only=${2:?--only needs a text}; shift ;;
    --method) method=(-method "${2:?--method needs a pattern}"); shift ;;
    --soak) soak=${2:?--soak needs minutes}; only=Attacks method=(-method '*.Soak_*'); shift ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

setup
# Whether one of these projects is to run.
runs() { for name in "$@"; do [[ Enclave.$name.Tests == *"$only"* ]] && return; done; return 1; }
if runs Sidecar Broker.PostgreSql Cli Upgrade Cluster; then install_test_servers; fi
if runs RabbitMq Cli Upgrade Cluster; then install_test_queues; fi
npm_tools msgpack-interop "$root/tests/Enclave.Protocol.Tests/interop"
npm_tools javascript "$root/eng/javascript"
npm_tools typescript "$root/eng/typescript"
npm_tools openapi-interop "$root/tests/Enclave.Host.Tests/interop"
npm_tools mcp-interop "$root/tests/Enclave.Mcp.Tests/interop"
npm_tools bundles "$root/tests/Enclave.Host.Tests/bundles"
npm_tools suites "$root/tests/Enclave.Host.Tests/suites"
npm_tools javascript-interop "$root/tests/Enclave.JavaScript.Tests/interop"
npm_tools javascript-scopes "$root/tests/Enclave.JavaScript.Tests/interop-scopes"
npm_tools client-js "$root/clients/js"
if [[ -z "$only" || demo == *"$only"* ]]; then install_test_browser; fi
if [[ -z "$only" || demo == *"$only"* || Enclave.Cli.Tests == *"$only"* ]]; then build_demo; fi
npm_tools deploy "$root/deploy/check"
export ENCLAVE_TEST_FULL=$full ENCLAVE_TEST_SOAK=$soak
# Nobody attaches to a test: a killed .NET process then leaves no pipe or socket behind.
export DOTNET_EnableDiagnostics=0
results="$artifacts/test-results"
rm -rf "$results" && mkdir -p "$results/counts"
# All that a run writes to the temporary folder lies in one of its own; servers in it run as other users.
temporary=$(mktemp -d "${TMPDIR:-/tmp}/enclave-test-XXXXXX") && chmod 1777 "$temporary"
declare -A output=()
end() {
  local pid
  for pid in "${!output[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  rm -rf "$temporary"
}
trap end EXIT
trap 'exit 130' INT TERM
export TMPDIR="$temporary"

# count NAME PASSED FAILED SKIPPED
count() { printf '%d %d %d\n' "$2" "$3" "$4" >"$results/counts/$1"; }

check() {
  local name=$1 log="$results/$1.log" started=$SECONDS status=0
  shift
  "$@" >"$log" 2>&1 || status=$?
  [[ $status == 0 ]] || cat "$log"
  count "$name" $((status == 0)) $((status != 0)) 0
  printf '%-28s %-40s %4d s\n' "$name" "$([[ "$status" == 0 ]] && echo ok || echo FAILED)" "$((SECONDS - started))"
}

# run_tests PROJECT [OPTION...]: runs a test project. $label is the name of its results where a project runs more than once.
run_tests() {
  local name=${label:-$1} dll="$artifacts/bin/$1/$configuration/$1.dll" started=$SECONDS status=0
  local xml="$results/$name.xml" log="$results/$name.log"
  shift
  # Tests leave their temporary folder empty.
  local folder="$temporary/${name#Enclave.}" left
  mkdir "$folder" && chmod 1777 "$folder"
  TMPDIR="$folder" dotnet "$dll" -noColor ${soak:+-showLiveOutput} -xml "$xml" "$@" >"$log" 2>&1 || status=$?
  left=$(find "$folder" -mindepth 1 -printf '  left in the temporary folder: %P\n' | head -20)
  rm -rf "$folder"
  local totals
  totals=$(grep -o '<assembly [^>]*>' "$xml" 2>/dev/null | head -1) || true
  attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$totals"; }
  local p f s e
  p=$(attribute passed) f=$(attribute failed) s=$(attribute skipped) e=$(attribute errors)
  if [[ -z "$p" ]] || [[ $status != 0 && "$f" == 0 && "$e" == 0 ]]; then
    tail -50 "$log"
    f=$((${f:-0} + 1))
  elif [[ "$f" != 0 || "$e" != 0 ]]; then
    sed -n '/\[FAIL\]/,/Finished/p' "$log"
  fi
  f=$((${f:-0} + ${e:-0}))
  if [[ -n "$left" ]]; then f=$((f + 1)) && echo "$left"; fi
  count "$name" "${p:-0}" "$f" "${s:-0}"
  printf '%-28s %5d passed %3d failed %3d skipped  %4d s\n' "$name" "${p:-0}" "$f" "${s:-0}" "$((SECONDS - started))"
  sed -n 's/.*\(start to first answer: [0-9]* ms\).*/  minimal-api: \1/p' "$xml" 2>/dev/null || true
  # The output of a soak test lists the events that it met: as important as passing.
  if [[ -n "$soak" && "$f" == 0 ]]; then sed -n 's/.*\[OUTPUT\] //p' "$log"; fi
  if [[ "${s:-0}" != 0 ]]; then grep -A1 '\[SKIP\]' "$log" | grep -v '^--' | sed 's/^ */  /' || true; fi
}

# copied_tests: the host's tests of runs, resets and reports, in the second form of the reset. Only the environment chooses it (docs/operations.md).
# The usual counts: the full ones have run in the first form, and the values cross in the same code.
copied_tests() {
  local classes=() name
  for name in RunTests PeakMemoryTests PoolTests TenantTests LibraryTests JobCpuTests HostileValueTests ResetFormTests; do classes+=(-class "*.$name"); done
  label=Enclave.Host.Tests.copied ENCLAVE_RESET=copied ENCLAVE_TEST_FULL=0 run_tests Enclave.Host.Tests "${classes[@]}"
}

package_check() {
  check packages "$root/eng/test-packages.sh" ${packages:+"$packages"}
  [[ -z "$packages" ]] || sed 's/^/  /' "$results/packages.log"
}

# Built and tested where its packages are: nothing is left in the checkout.
client_js() {
  local work="$artifacts/npm/client-js"
  rm -rf "$work"/{src,test,dist} && cp -r "$root"/clients/js/{src,test,tsconfig.json,README.md,LICENSE} "$work/"
  cd "$work" && ENCLAVE_SHARED="${ENCLAVE_SHARED:-$(readlink -m "$root/../shared")}" npm test --silent
}
client_js_check() {
  check clients-js client_js
  grep -E '^# (tests|pass|fail|skipped) ' "$results/clients-js.log" | tr '\n' ' ' | sed 's/# //g; s/^/  /; s/ $/\n/' || true
}

# The demo page: its logic, its states, and the page on real processes, whose pictures stay with the results.
demo() {
  local work="$artifacts/npm/demo/demo/browser"
  rm -rf "$work/test" "$work/build" && cp -r "$root/demo/browser/test" "$work/"
  cd "$work" && export PATH="$artifacts/npm/demo/node_modules/.bin:$PATH"
  # The shell does not stop at a failure here, because the caller checks the status.
  npm test --silent || return
  command -v chromium >/dev/null || { echo "chromium is missing: the page was not tested in a browser"; return; }
  ENCLAVE_DEMO_DIST="$artifacts/demo" ENCLAVE_DEMO_OUT="$results/demo" npm run --silent test:states || return
  # The page over a pool in the broker's own process differs little from the one over runtimes.
  local only=(--only runtimes)
  [[ $full == 0 ]] || only=()
  node test/run.js --enclave "$root/enclave" --out "$results/demo" "${only[@]}"
}
demo_check() {
  check demo demo
  grep -E '^chromium is missing|^. (tests|pass|fail) ' "$results/demo.log" | sed 's/^[^a-z]*/  /' || true
}

# start COMMAND...: runs the command beside at most two others, or one in the full run, whose clusters take both cores. Most tests wait more than they compute.
# Each has a process group of its own, so that an interrupted run ends all of it.
start() {
  while ((${#output[@]} >= 3 - full)); do finish_one; done
  local file
  file=$(mktemp "$results/output-XXXXXX")
  set -m
  "$@" >"$file" 2>&1 </dev/null &
  set +m
  output[$!]=$file
}
# finish_one: waits until one of them has ended, and prints its output.
finish_one() {
  local ended status=0
  wait -n -p ended "${!output[@]}" || status=$?
  cat "${output[$ended]}" && rm -f "${output[$ended]}"
  [[ $status == 0 ]] || count "ended-$ended" 0 1 0
  unset "output[$ended]"
}

if [[ -z "$only" ]]; then
  # Most of these read and write the build, and come first.
  check house "$root/eng/check-house.sh"
  check prelude "$root/eng/check-prelude.sh"
  check generated "$root/eng/generate.sh" --check
  check pack "$root/eng/pack.sh"
  # The build has judged style and analyzers: what is left is white space, and in the full run the order of imports.
  format=(dotnet format whitespace "$root" --folder --exclude "$artifacts")
  [[ $full == 0 ]] || format=(dotnet format "$root/Enclave.sln" --no-restore)
  start check format "${format[@]}" --verify-no-changes
  start package_check
fi
# The longest first: none is left to run alone at the end.
longest=(Attacks Cluster Host Worker JavaScript Upgrade Cli Broker RabbitMq Broker.PostgreSql)
for name in "${longest[@]}"; do
  [[ Enclave.$name.Tests != *"$only"* ]] || start run_tests "Enclave.$name.Tests" "${method[@]}"
done
[[ -n "$only" && demo != *"$only"* ]] || start demo_check
[[ -n "$only" && clients-js != *"$only"* ]] || start client_js_check
for folder in "$root"/tests/Enclave.*.Tests; do
  name=$(basename "$folder")
  [[ $full == 0 || "$name" != Enclave.Guard.Tests ]] || continue
  [[ " ${longest[*]/%/.Tests} " == *" ${name#Enclave.} "* || "$name" != *"$only"* ]] || start run_tests "$name" "${method[@]}"
done
if [[ $full == 1 && ${#method[@]} == 0 && Enclave.Host.Tests == *"$only"* ]]; then start copied_tests; fi
if [[ -z "$only" ]]; then
  start check bench "$engine/node" --test "$root/benchmarks/test/*.test.mjs"
  start check deploy "$root/deploy/check.sh"
fi
while ((${#output[@]})); do finish_one; done
# The full counts measure how the guard's time grows, which other tests beside it would change.
if [[ $full == 1 && Enclave.Guard.Tests == *"$only"* ]]; then run_tests Enclave.Guard.Tests "${method[@]}"; fi

read -r passed failed skipped < <(cat "$results/counts"/* 2>/dev/null | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
[[ $skipped == 0 ]] || echo "$skipped skipped: the lines above say why"
[[ -n "$only" ]] || "$root/eng/count-promises.sh"
echo "$passed passed, $failed failed"
[[ $failed == 0 ]]

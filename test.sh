#!/usr/bin/env bash
# Sets up what is missing, then runs the checks and every test.
#   ./test.sh                 the usual counts, about 15 minutes on two quiet cores after a build
#   ./test.sh --full          the full counts, more than an hour
#   ./test.sh --changed       of the test projects, only those whose inputs changed since they last passed here; with --full: in the full counts
#   ./test.sh --only Host     test projects whose name contains the text, without the checks
#   ./test.sh --only Attacks --method '*buffer*'
#   ./test.sh --only Worker --engine portable    with the portable engine; what it does not promise is skipped, and named
#   ./test.sh --only Cluster  brokers, runtimes, PostgreSQL and RabbitMQ under faults; ENCLAVE_CHAOS_SEED=N repeats a run
#   ./test.sh --only demo     the demo page, in Chromium, on real processes
#   ./test.sh --soak 30       the soak alone, for so many minutes: all kinds of jobs while workers are killed and stopped
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"

usage() { sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
only="" method=() full=0 changed=0 packages="" soak="" tested=""
while (($#)); do
  case "$1" in
    --full) full=1 packages=--full ;;
    --changed) changed=1 ;;
    --only) only=${2:?--only needs a text}; shift ;;
    --method) method=(-method "${2:?--method needs a pattern}"); shift ;;
    --engine) tested=${2:?--engine needs a name}; shift; [[ "$tested" == portable ]] || { usage >&2; exit 2; } ;;
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
npm_tools msgpack-interop "$root/tests/Enclave.Worker.Tests/NpmInterop/interop"
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
if [[ -n "$tested" ]]; then
  # Its folder chooses the engine of every host that names none.
  export ENCLAVE_TEST_ENGINE=$tested ENCLAVE_ENGINE="$artifacts/engine-portable"
fi
# Diagnostics would leave a pipe and a socket behind for each .NET process that is killed. Profiles of a process's own code cost more than they gain in
# processes that live for seconds: without them Guard takes 25 % less processor time, and Mcp 12 %.
export DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0
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

# A project that passes is recorded with a hash of its inputs, for --changed.
declare -A inputs=()
green="$artifacts/green"
if [[ ${#method[@]} == 0 && -z "$soak" ]]; then
  mkdir -p "$green"
  while read -r name key; do inputs[$name]=$key; done < <(cd "$root" && "$engine/node" eng/test-inputs.mjs "$(dotnet --version) $(uname -r)")
fi

# passed_before NAME: whether the project passed with these inputs, in these counts or the full ones. Prints when.
passed_before() {
  local size key day
  [[ -n "${inputs[$1]:-}" && -f "$green/$1" ]] && read -r size key day <"$green/$1" && [[ "$key" == "${inputs[$1]}" && "$size" -ge $full ]] && echo "$day"
}
# record NAME: it has passed. A run with the usual counts does not replace one with the full counts and the same inputs.
record() {
  [[ -n "${inputs[$1]:-}" ]] && ! passed_before "$1" >/dev/null || return 0
  # The promises are counted from the results of all projects.
  cp "$results/$1.xml" "$green/$1.xml"
  echo "$full ${inputs[$1]} $(date -u +%FT%RZ)" >"$green/$1"
}

# failure NAME TEXT: keeps what failed for the end of the output, where it is read first.
failure() { printf '%s\n%s\n' "$1" "$2" >>"$results/failed.txt"; }

# count NAME PASSED FAILED SKIPPED
count() { printf '%d %d %d\n' "$2" "$3" "$4" >"$results/counts/$1"; }

# clocked NAME COMMAND...: runs the command, and notes its processor time.
clocked() {
  local TIMEFORMAT='%U %S' name=$1
  shift
  # Only the line of the shell goes to the file: the command has the streams it was given.
  { time "$@" 2>&3 3>&-; } 3>&2 2>"$results/$name.times"
}
processor_time() { awk '{ printf "%4d s of processor", $1 + $2 }' "$results/$1.times"; }

check() {
  local name=$1 log="$results/$1.log" started=$SECONDS status=0
  shift
  clocked "$name" "$@" >"$log" 2>&1 || status=$?
  [[ $status == 0 ]] || { cat "$log" && failure "$name" "$(tail -20 "$log")"; }
  count "$name" $((status == 0)) $((status != 0)) 0
  printf '%-28s %-40s %4d s %s\n' "$name" "$([[ "$status" == 0 ]] && echo ok || echo FAILED)" "$((SECONDS - started))" "$(processor_time "$name")"
}

# The longest project takes a third of it on two cores. One that meets it has a test that hangs.
limit=$((full ? 5400 : 1800))
[[ -z "$soak" ]] || limit=$((soak * 60 + 1200))

# run_tests PROJECT [OPTION...]: runs a test project. $label is the name of its results where a project runs more than once.
# $as starts it as another user.
as=()
run_tests() {
  local project=$1 name=${label:-$1${tested:+.$tested}} started=$SECONDS status=0 day
  local dll="$artifacts/bin/$project/$configuration/$project.dll"
  if [[ $changed == 1 && -z "${label:-}$tested" ]] && day=$(passed_before "$project"); then
    cp "$green/$project.xml" "$results/$project.xml"
    count "$name" 0 0 0
    printf '%-28s left out: its inputs are those of %s, when it passed\n' "$name" "$day"
    return
  fi
  local xml="$results/$name.xml" log="$results/$name.log"
  shift
  # Tests leave their temporary folder empty.
  local folder="$temporary/${name#Enclave.}" left
  mkdir "$folder" && chmod 1777 "$folder"
  ((${#as[@]} == 0)) || install -m 666 /dev/null "$xml"
  # A project that hangs is ended, and the last lines of its log name the tests that run.
  TMPDIR="$folder" clocked "$name" "${as[@]}" timeout --foreground --kill-after=10 "$limit" \
    dotnet "$dll" -noColor -longRunning 180 ${soak:+-showLiveOutput} -result-xml "$xml" "$@" >"$log" 2>&1 || status=$?
  left=$(find "$folder" -mindepth 1 -printf '  left in the temporary folder: %P\n' | head -20)
  rm -rf "$folder"
  local totals
  totals=$(grep -o '<assembly [^>]*>' "$xml" 2>/dev/null | head -1) || true
  attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$totals"; }
  local p f s e
  p=$(attribute passed) f=$(attribute failed) s=$(attribute skipped) e=$(attribute errors)
  if [[ -z "$p" ]] || [[ $status != 0 && "$f" == 0 && "$e" == 0 ]]; then
    tail -50 "$log"
    failure "$name" "$(tail -20 "$log")"
    f=$((${f:-0} + 1))
  elif [[ "$f" != 0 || "$e" != 0 ]]; then
    sed -n '/\[FAIL\]/,/Finished/p' "$log"
    failure "$name" "$(grep -A20 '\[FAIL\]' "$log" | cut -c1-300)"
  fi
  f=$((${f:-0} + ${e:-0}))
  if [[ -n "$left" ]]; then f=$((f + 1)) && echo "$left" && failure "$name" "$left"; fi
  count "$name" "${p:-0}" "$f" "${s:-0}"
  if [[ $f == 0 && -z "${label:-}$tested" ]]; then record "$project"; fi
  printf '%-28s %5d passed %3d failed %3d skipped  %4d s %s\n' "$name" "${p:-0}" "$f" "${s:-0}" "$((SECONDS - started))" "$(processor_time "$name")"
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

# ordinary_tests: tests of workers and their isolation as a user without rights, as most newcomers and many containers run them.
ordinary_tests() {
  local user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  if ! "${user[@]}" test -r "$artifacts/bin/Enclave.Host.Tests/$configuration/Enclave.Host.Tests.dll"; then
    echo "ordinary user                not tested: other users may not read this checkout" && return
  fi
  local home="$temporary/ordinary"
  mkdir -p "$home" && chmod 1777 "$home"
  as=("${user[@]}" env HOME="$home")
  label=Enclave.Host.Tests.ordinary run_tests Enclave.Host.Tests -class '*.RunTests' -class '*.TenantTests' -class '*.IsolationCheckTests' \
    -class '*.IsolationPlanTests'
  label=Enclave.Attacks.Tests.ordinary run_tests Enclave.Attacks.Tests -class '*.WorkerProcessTests' -class '*.WorkerRootTests' -class '*.EngineSealTests' \
    -class '*.RemanenceTests' -class '*.UncatchableLimitTests'
  label=Enclave.Worker.Tests.ordinary run_tests Enclave.Worker.Tests -class '*.ResetTests' -class '*.MemoryAfterResetTests' -class '*.LibraryResetTests'
}

package_check() {
  check pack "$root/eng/pack.sh"
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
  local only=(--only runtimes --only runs)
  [[ $full == 0 ]] || only=()
  node test/run.js --enclave "$root/enclave" --out "$results/demo" "${only[@]}"
}
demo_check() {
  check demo demo
  grep -E '^chromium is missing|^. (tests|pass|fail) ' "$results/demo.log" | sed 's/^[^a-z]*/  /' || true
}

# start COMMAND...: runs the command beside at most two others: most of them wait for processes a third of the time.
# Each has a process group of its own, so that an interrupted run ends all of it.
start() {
  while ((${#output[@]} >= 3)); do finish_one; done
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
  check house "$root/eng/check-house.sh"
  check prelude "$root/eng/check-prelude.sh"
  check generated "$root/eng/generate.sh" --check
  # The build has judged style and analyzers: what is left is white space, and in the full run the order of imports.
  format=(dotnet format whitespace "$root" --folder --exclude "$artifacts")
  [[ $full == 0 ]] || format=(dotnet format "$root/Enclave.sln" --no-restore)
  start check format "${format[@]}" --verify-no-changes
fi
if [[ -z "$only" ]]; then
  start check native "$root/eng/test-native.sh" ${packages:+"$packages"}
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
if [[ -z "$only" && $EUID == 0 ]]; then start ordinary_tests; fi
if [[ -z "$only" ]]; then
  start check bench "$engine/node" --test "$root/benchmarks/test/*.test.mjs"
  start check deploy "$root/deploy/check.sh"
fi
while ((${#output[@]})); do finish_one; done
# The full counts measure how the guard's time grows, which other tests beside it would change.
if [[ $full == 1 && Enclave.Guard.Tests == *"$only"* ]]; then run_tests Enclave.Guard.Tests "${method[@]}"; fi

# What to look at when the suite takes too long: seconds and name of the slowest tests.
grep -hoE '<test [^>]*>' "$results"/*.xml 2>/dev/null \
  | sed -nE 's/.* name="([^"]*)".* time="([0-9]+)\.([0-9])[^"]*".*/\2.\3 \1/p' | sort -rn | head -40 >"$results/slowest.txt" || true
if [[ -z "$only" ]]; then
  echo "the slowest tests, in seconds (${results#"$root/"}/slowest.txt has 40):"
  head -$((full ? 15 : 5)) "$results/slowest.txt" | cut -c1-150 | sed 's/^/  /'
fi

read -r passed failed skipped < <(cat "$results/counts"/* 2>/dev/null | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
[[ $skipped == 0 ]] || echo "$skipped skipped: the lines above say why"
[[ -n "$only" ]] || "$root/eng/count-promises.sh"
[[ ! -f "$results/failed.txt" ]] || { echo "what failed (${results#"$root/"}/failed.txt):" && head -150 "$results/failed.txt"; }
echo "$passed passed, $failed failed"
[[ $failed == 0 ]]

# How ./test.sh runs checks and test projects, and what it keeps of them. Sourced, never run.

# The processor time that the first tier may take, its build not counted, in seconds.
readonly first_budget=240

# is_first PROJECT: whether it belongs to the first tier.
is_first() { [[ "$1" == *.UnitTests || "$1" == Enclave.SmokeTests ]]; }

# Packages, servers and pages that projects need beside the build. A folder of npm packages is named as in artifacts/npm.
declare -A needs=(
  [Enclave.Attacks.Tests]="javascript"
  [Enclave.Broker.PostgreSql.Tests]="servers"
  [Enclave.Cli.Tests]="servers queues openapi-interop demo-page"
  [Enclave.Cluster.Tests]="servers queues"
  [Enclave.Host.Tests]="javascript typescript openapi-interop bundles suites"
  [Enclave.JavaScript.Tests]="javascript typescript javascript-interop javascript-scopes"
  [Enclave.Mcp.Tests]="mcp-interop"
  [Enclave.RabbitMq.Tests]="queues"
  [Enclave.Samples.Tests]="mcp-interop"
  [Enclave.Sidecar.Tests]="servers"
  [Enclave.Upgrade.Tests]="servers queues"
  [Enclave.Worker.Tests]="javascript msgpack-interop suites"
)
declare -A npm_folders=(
  [bundles]=tests/Enclave.Host.Tests/bundles
  [javascript]=eng/javascript
  [javascript-interop]=tests/Enclave.JavaScript.Tests/interop
  [javascript-scopes]=tests/Enclave.JavaScript.Tests/interop-scopes
  [mcp-interop]=tests/Enclave.Mcp.Tests/interop
  [msgpack-interop]=tests/Enclave.Worker.Tests/NpmInterop/interop
  [openapi-interop]=tests/Enclave.Host.Tests/interop
  [suites]=tests/Enclave.Host.Tests/suites
  [typescript]=eng/typescript
)

# install_needs PROJECT...: what these projects need, and nothing else.
install_needs() {
  local name need
  for name in "$@"; do
    for need in ${needs[$name]:-}; do
      case "$need" in
        servers) install_test_servers ;;
        queues) install_test_queues ;;
        demo-page) build_demo ;;
        *) npm_tools "$need" "$root/${npm_folders[$need]}" ;;
      esac
    done
  done
}

# begin: the folders of a run, and the keys that say what changed.
begin() {
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
  declare -gA output=() inputs=()
  trap end EXIT
  trap 'exit 130' INT TERM
  export TMPDIR="$temporary"
  # A check or project that passes is recorded with a hash of its inputs, for --changed.
  green="$artifacts/green"
  if [[ ${#method[@]} == 0 && -z "$soak" ]]; then
    mkdir -p "$green"
    while read -r name key; do inputs[$name]=$key; done < <(cd "$root" && "$engine/node" eng/test-inputs.mjs "$(dotnet --version) $(uname -r)")
  fi
  # How many run at once. Each project has two tests at a time, and each of them processes of its own: one more keeps both processors of a small machine busy
  # while a test waits, and a third one only makes each of them late.
  at_once=2
  [[ $all == 1 || -n "$only" ]] || at_once=$(nproc)
}
end() {
  local pid
  for pid in "${!output[@]}"; do kill -- "-$pid" 2>/dev/null || true; done
  rm -rf "$temporary"
}

# inputs_of NAME: the hash of what its result depends on; that of the whole checkout for a check.
inputs_of() { echo "${inputs[$1]:-${inputs[checkout]:-}}"; }
# passed_before NAME: whether it passed with these inputs, in these counts or the full ones. Prints when.
passed_before() {
  local size key day
  [[ -n "$(inputs_of "$1")" && -f "$green/$1" ]] && read -r size key day <"$green/$1" && [[ "$key" == "$(inputs_of "$1")" && "$size" -ge $full ]] && echo "$day"
}
# record NAME: it has passed. A run with the usual counts does not replace one with the full counts and the same inputs.
record() {
  [[ -n "$(inputs_of "$1")" ]] && ! passed_before "$1" >/dev/null || return 0
  # The promises are counted from the results of all projects.
  [[ ! -f "$results/$1.xml" ]] || cp "$results/$1.xml" "$green/$1.xml"
  echo "$full $(inputs_of "$1") $(date -u +%FT%RZ)" >"$green/$1"
}
# left_out NAME: with --changed, whether it need not run; says so.
left_out() {
  local day
  [[ $changed == 1 ]] && day=$(passed_before "$1") || return
  [[ ! -f "$green/$1.xml" ]] || cp "$green/$1.xml" "$results/$1.xml"
  count "$1" 0 0 0
  printf '%-32s left out: its inputs are those of %s, when it passed\n' "$1" "$day"
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
# The last line: a shell tells of a command that was killed in those before.
processor_time() { awk 'END { printf "%4d s of processor", $1 + $2 }' "$results/$1.times"; }
within_budget() {
  local used
  used=$(tail -qn 1 "$results"/*.times | awk '{ used += $1 + $2 } END { printf "%d", used }')
  echo "the first tier took $used s of processor time; its budget is $first_budget s (eng/tests.sh)"
  ((used <= first_budget))
}

check() {
  local name=$1 log="$results/$1.log" started=$SECONDS status=0
  shift
  ! left_out "$name" || return 0
  clocked "$name" "$@" >"$log" 2>&1 || status=$?
  if [[ $status == 0 ]]; then record "$name"; else cat "$log" && failure "$name" "$(tail -20 "$log")"; fi
  count "$name" $((status == 0)) $((status != 0)) 0
  printf '%-32s %-40s %4d s %s\n' "$name" "$([[ "$status" == 0 ]] && echo ok || echo FAILED)" "$((SECONDS - started))" "$(processor_time "$name")"
}

# run_tests PROJECT [OPTION...]: runs a test project. $label is the name of its results where a project runs more than once.
# $as starts it as another user.
as=()
run_tests() {
  local project=$1 name=${label:-$1${tested:+.$tested}} started=$SECONDS status=0
  local dll="$artifacts/bin/$project/$configuration/$project.dll"
  if [[ -z "${label:-}$tested" ]] && left_out "$project"; then return; fi
  local xml="$results/$name.xml" log="$results/$name.log"
  shift
  # The longest project takes a third of it on two cores. One that meets it has a test that hangs.
  local limit=$((full ? 5400 : 1800))
  [[ -z "$soak" ]] || limit=$((soak * 60 + 1200))
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
  printf '%-32s %5d passed %3d failed %3d skipped  %4d s %s\n' "$name" "${p:-0}" "$f" "${s:-0}" "$((SECONDS - started))" "$(processor_time "$name")"
  sed -n 's/.*\(start to first answer: [0-9]* ms\).*/  minimal-api: \1/p' "$xml" 2>/dev/null || true
  # The output of a soak test lists the events that it met: as important as passing.
  if [[ -n "$soak" && "$f" == 0 ]]; then sed -n 's/.*\[OUTPUT\] //p' "$log"; fi
  if [[ "${s:-0}" != 0 ]]; then grep -A1 '\[SKIP\]' "$log" | grep -v '^--' | sed 's/^ */  /' || true; fi
}

# copied_tests: the host's tests of runs, resets and reports, in the second form of the reset. Only the environment chooses it (docs/operations.md).
# The usual counts: the full ones have run in the first form, and the values cross in the same code.
copied_tests() {
  local classes=() name
  for name in PeakMemoryTests PoolTests TenantTests LibraryTests JobCpuTests HostileValueTests ResetFormTests; do classes+=(-class "*.$name"); done
  label=Enclave.Host.Tests.copied ENCLAVE_RESET=copied ENCLAVE_TEST_FULL=0 run_tests Enclave.Host.Tests "${classes[@]}"
  label=Enclave.SmokeTests.copied ENCLAVE_RESET=copied ENCLAVE_TEST_FULL=0 run_tests Enclave.SmokeTests
}

# ordinary_tests: tests of workers and their isolation as a user without rights, as most newcomers and many containers run them.
ordinary_tests() {
  local user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  if ! "${user[@]}" test -r "$artifacts/bin/Enclave.Host.Tests/$configuration/Enclave.Host.Tests.dll"; then
    echo "ordinary user                    not tested: other users may not read this checkout" && return
  fi
  local home="$temporary/ordinary"
  mkdir -p "$home" && chmod 1777 "$home"
  as=("${user[@]}" env HOME="$home")
  label=Enclave.SmokeTests.ordinary run_tests Enclave.SmokeTests
  label=Enclave.Host.Tests.ordinary run_tests Enclave.Host.Tests -class '*.TenantTests' -class '*.IsolationCheckTests'
  label=Enclave.Attacks.Tests.ordinary run_tests Enclave.Attacks.Tests -class '*.WorkerProcessTests' -class '*.WorkerRootTests' -class '*.EngineSealTests' \
    -class '*.RemanenceTests' -class '*.UncatchableLimitTests'
  label=Enclave.Worker.Tests.ordinary run_tests Enclave.Worker.Tests -class '*.ResetTests' -class '*.MemoryAfterResetTests' -class '*.LibraryResetTests'
}

package_check() {
  local options=(--old-engine)
  [[ -n "$packages" ]] || options+=(--just-in-time)
  check pack "$root/eng/pack.sh" "${options[@]}"
  check packages "$root/eng/test-packages.sh" ${packages:+"$packages"}
  [[ -z "$packages" || ! -f "$results/packages.log" ]] || sed 's/^/  /' "$results/packages.log"
}

# Built and tested where its packages are: nothing is left in the checkout.
client_js() {
  local work="$artifacts/npm/client-js"
  rm -rf "$work"/{src,test,dist} && cp -r "$root"/clients/js/{src,test,tsconfig.json,README.md,LICENSE} "$work/"
  cd "$work" && ENCLAVE_SHARED="${ENCLAVE_SHARED:-$(readlink -m "$root/../shared")}" npm test --silent
}
client_js_check() {
  check clients-js client_js
  grep -E '^# (tests|pass|fail|skipped) ' "$results/clients-js.log" 2>/dev/null | tr '\n' ' ' | sed 's/# //g; s/^/  /; s/ $/\n/' || true
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
  grep -E '^chromium is missing|^. (tests|pass|fail) ' "$results/demo.log" 2>/dev/null | sed 's/^[^a-z]*/  /' || true
}

# start COMMAND...: runs the command beside the others.
# Each has a process group of its own, so that an interrupted run ends all of it.
start() {
  while ((${#output[@]} >= at_once)); do finish_one; done
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

# report: what was slow, what was left out, what failed. Its status is that of the run.
report() {
  # Seconds and name of the slowest tests, for a suite that takes too long.
  grep -hoE '<test [^>]*>' "$results"/*.xml 2>/dev/null \
    | sed -nE 's/.* name="([^"]*)".* time="([0-9]+)\.([0-9])[^"]*".*/\2.\3 \1/p' | sort -rn | head -40 >"$results/slowest.txt" || true
  if [[ -z "$only" ]]; then
    echo "the slowest tests, in seconds (${results#"$root/"}/slowest.txt has 40):"
    head -$((full ? 15 : 5)) "$results/slowest.txt" | cut -c1-150 | sed 's/^/  /'
  fi
  local passed failed skipped
  read -r passed failed skipped < <(cat "$results/counts"/* 2>/dev/null | awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
  [[ $skipped == 0 ]] || echo "$skipped skipped: the lines above say why"
  if [[ -z "$only" && $all == 1 ]]; then
    "$root/eng/count-promises.sh"
  elif [[ -z "$only" ]]; then
    # Its own projects show some of them.
    "$root/eng/count-promises.sh" --some
    printf 'left out: %d test projects with workers, servers, a browser or packages of npm, and %s: ./test.sh --all\n' "${#others[@]}" \
      "the checks analyzers, format, bench, native, pack, packages, clients-js, demo and deploy"
  fi
  [[ ! -f "$results/failed.txt" ]] || { echo "what failed (${results#"$root/"}/failed.txt):" && head -150 "$results/failed.txt"; }
  echo "engine: $(engine_line), $(engine_age) days old"
  echo "$passed passed, $failed failed"
  [[ $failed == 0 ]]
}

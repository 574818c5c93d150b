#!/usr/bin/env bash
# Measures Enclave and its peers with the same jobs and prints one table with ratios: ./bench.sh --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"

usage() {
  cat <<'TEXT'
Measures Enclave and its peers with the jobs of benchmarks/workloads.json, one after another on this machine, and prints a table for each job,
with ratios, and then Enclave's targets. The measurements stay in artifacts/bench/*.jsonl; a full run also writes benchmarks/results.

  ./bench.sh [--quick] [--workload W1,W2] [--peers LIST] [--rounds N] [--markdown|--json] [--unclean]
  ./bench.sh --report
  ./bench.sh --guard [--json]
  ./bench.sh --isolation [--json] [--rounds N] [--quick]
  ./bench.sh --double-vm [--quick]
  ./bench.sh --libraries [--quick]
  ./bench.sh --mcp [--quick]
  ./bench.sh --http [--quick] [--json] [--store FILE] [--queue-file FILE] [--queue-figures URL]
  ./bench.sh --http --costs --store FILE --queue-file FILE --queue-figures URL [--quick] [--json] [--into FOLDER]
  ./bench.sh --http --model [FILE] [--beside FILE] [--set NAME=VALUE]
  ./bench.sh --scale [--quick] [--json] [--only NAME] [--into FOLDER]
  ./bench.sh --durable [--quick] [--json] [--only NAME] [--store NAME] [--into FOLDER]
  ./bench.sh --expressions [--quick] [--json] [--rounds N] [--into FOLDER]
  ./bench.sh --micro [--quick] [--json] [--filter GLOB] [--into FOLDER]
  ./bench.sh --soak MINUTES [--json] [--into FOLDER]
  ./bench.sh --front-end [--typed|--bombs] [--json] [--rounds N] [--package NAME]

  --quick       few jobs: whether everything works, not how fast
  --workload    which workloads, by name; without it all of them, and of Enclave's other settings those that contestants.txt gives them
  --peers       which contestants, by name: NAMES
  --only        one contestant
  --rounds      so many runs of each contestant, taking turns; the tables have the medians, and the least and the most
  --markdown    the tables as Markdown
  --json        all medians as one JSON document, and nothing else
  --unclean     figures of a peer whose jobs see what others left behind, too
  --report      benchmarks/results/report.md and its charts, from what was measured last; measures nothing
  --guard       what the guard costs a script, beside the documented product's own where that lies in ../shared/upstream-peer
  --isolation   what a worker's isolation costs, level by level with it and without in turns: start, tiny jobs, kill, the host's look; Markdown, or JSON
  --double-vm   what an outer isolate with a policy costs a tool call; Markdown
  --libraries   what a library of 500 kB and 1 MB of libraries cost a job, a worker's start and its memory, beside a script that brings its own; Markdown
  --mcp         a script's call of an MCP server beside the same call by others' clients; 50 servers with 2,000 tools: start and search; Markdown
  --http        sessions over HTTP, at a broker with its own workers and at one over two runtimes: time, sessions per second, CPU of each process,
                bytes written and sent; Markdown, or JSON lines;
                --store FILE: with sessions in the database that the file names, too (docs/sessions-store.md);
                --queue-file FILE: over the RabbitMQ server whose address is in the file (docs/dispatch.md),
                --queue-figures URL: with its messages counted, by its plugin rabbitmq_prometheus. benchmarks/servers.sh runs both servers
  --costs       with --http: the loads that the model of benchmarks/results/sessions-model.md is made from and judged by
  --model       with --http: that model, its error, its prediction for 1,000 to 100,000 sessions a second from benchmarks/results/sessions.json,
                and the distance of another run from it; --set changes an assumption
  --scale       1 to 64 workers, a flooding tenant among others, tenants without a worker, and growth of each cost with its size
  --durable     durable runs, for each store: bytes and memory of runs that wait, their waking, journaled steps a second, beside DBOS and Restate
  --expressions one small expression over 100,000 inputs, beside Jint, ClearScript and node:vm in an application's own process
  --micro       the small parts, each in a loop: times and allocations, by BenchmarkDotNet
  --soak        memory of the host and of its workers minute by minute under load, and whether it stays flat
  --into        where --costs, --scale, --durable, --micro and --soak keep data, page and chart; a full run (a soak of 10 minutes) does so in benchmarks/results
  --front-end   the JavaScript parser and printer beside acorn, Acornima, Esprima and astring, over npm packages; what bombs do to each; Markdown, or JSON

Examples:
  ./bench.sh                                   # everything once
  ./bench.sh --workload W1,W6 --rounds 5       # two workloads, less noise
  ./bench.sh --peers enclave,isolated-vm,deno  # three contestants
  ./bench.sh --only enclave --quick            # after a change: does it still run
  ./bench.sh --peers enclave,enclave-strict    # what the strictest level costs
TEXT
}

misused() { printf 'bench: %s; ./bench.sh --help shows how\n' "$1" >&2; exit 2; }

rounds=1
workloads=
failed=0
# A line is a name; for Enclave in another setting its workloads and the arguments that make the setting follow.
everyone=()
declare -A own_workloads own_settings
while read -r name own rest; do
  everyone+=("$name")
  own_workloads[$name]=$own own_settings[$name]=$rest
done <"$root/benchmarks/peers/contestants.txt"
is_ours() { [[ $1 == enclave || $1 == enclave-* ]]; }
contestants=("${everyone[@]}")
arguments=()
peer_arguments=()
table=()
report=1
# This measurement is a program with its own options.
if [[ ${1:-} == --guard ]]; then
  shift
  setup
  exec "$engine/node" "$root/benchmarks/guard.mjs" "$artifacts/bin/Enclave.FrontEndBench/$configuration/Enclave.FrontEndBench" \
    "$root/../shared/upstream-peer/enclave-core.mjs" "$@"
fi
load_bench="$artifacts/bin/Enclave.LoadBench/$configuration/Enclave.LoadBench"
if [[ ${1:-} == --scale || ${1:-} == --soak ]]; then
  what=${1#--}
  shift
  setup
  exec "$engine/node" "$root/benchmarks/$what.mjs" "$load_bench" "$@"
fi
if [[ ${1:-} == --durable ]]; then
  shift
  setup
  # The peers are optional.
  (npm_tools durable "$root/benchmarks/durable") || printf 'bench: the peers of durable runs are left out\n' >&2
  exec "$engine/node" "$root/benchmarks/durable.mjs" "$load_bench" "$@"
fi
if [[ ${1:-} == --micro ]]; then
  shift
  setup
  exec "$engine/node" "$root/benchmarks/micro.mjs" "$artifacts/bin/Enclave.MicroBench/$configuration/Enclave.MicroBench" "$artifacts/bench/micro/results" "$@"
fi
if [[ ${1:-} == --expressions ]]; then
  shift
  setup
  exec "$engine/node" "$root/benchmarks/expressions.mjs" "$load_bench" "$artifacts/bin/Enclave.DotNetPeers/$configuration/Enclave.DotNetPeers" "$@"
fi
if [[ ${1:-} == --http && " ${*:2} " =~ " --costs "|" --model " ]]; then
  shift
  setup
  exec "$engine/node" "$root/benchmarks/sessions.mjs" "$load_bench" "$@"
fi
if [[ ${1:-} == --mcp ]]; then
  shift
  setup
  npm_tools mcp-interop "$root/tests/Enclave.Mcp.Tests/interop"
  exec "$artifacts/bin/Enclave.McpBench/$configuration/Enclave.McpBench" "$engine/node" "$artifacts/npm/mcp-interop" "$root/tests/Enclave.Mcp.Tests/fleet" \
    "$root/benchmarks/mcp/sdk-calls.mjs" "$@"
fi
if [[ ${1:-} == --libraries ]]; then
  shift
  setup
  npm_tools bundles "$root/tests/Enclave.Host.Tests/bundles"
  exec "$load_bench" --libraries "$artifacts/npm/bundles/node_modules" "$@"
fi
if [[ " --isolation --double-vm --http " == *" ${1:-none} "* ]]; then
  setup
  exec "$load_bench" "$@"
fi
if [[ ${1:-} == --front-end ]]; then
  shift
  setup
  npm_tools javascript "$root/eng/javascript"
  npm_tools typescript "$root/eng/typescript"
  exec "$engine/node" --max-old-space-size=8192 "$root/benchmarks/front-end.mjs" \
    "$artifacts/bin/Enclave.FrontEndBench/$configuration/Enclave.FrontEndBench" "$artifacts/npm/javascript" "$artifacts/npm/typescript" "$@"
fi
results="$artifacts/bench"
write_report() { "$engine/node" "$root/benchmarks/report/write.mjs" "$results" "$root/benchmarks/results" >&2; }
if [[ ${1:-} == --report ]]; then
  setup
  write_report
  exit
fi
# Only a full run is a report: parts of one would overwrite it.
while (($#)); do
  case $1 in
    --quick) arguments+=(--quick) report=0 ;;
    --workload) workloads=${2:?--workload needs names} report=0 && shift ;;
    --peers | --only) IFS=, read -ra contestants <<<"${2:?$1 needs a name}" && report=0 && shift ;;
    --rounds) rounds=${2:?--rounds needs a number} && shift ;;
    --markdown | --json) table=("$1") ;;
    --unclean) peer_arguments+=(--unclean) ;;
    --help | -h) usage | sed "s/NAMES/$(IFS=,; echo "${everyone[*]}" | sed 's/,/, /g')/"; exit ;;
    *) misused "$1 is no option" ;;
  esac
  shift
done
[[ $rounds =~ ^[1-9][0-9]?$ ]] || misused "--rounds is $rounds; it must be 1 to 99"
for contestant in "${contestants[@]}"; do
  [[ " ${everyone[*]} " == *" $contestant "* ]] || misused "there is no contestant $contestant; there are ${everyone[*]}"
done

setup
for contestant in "${contestants[@]}"; do
  is_ours "$contestant" && continue
  "$root/benchmarks/peers/install.sh" >&2
  break
done

# W8's program compiled ahead, and the engine beside it.
start_program="$artifacts/bin/Enclave.StartBench/ahead/Enclave.StartBench"
if [[ " ${contestants[*]} " == *" enclave-aot "* ]]; then
  say "compiling the program of enclave-aot ahead"
  source "$root/eng/packages/finish.sh"
  compiled_ahead publish benchmarks/Enclave.StartBench -o "${start_program%/*}"
fi

run_peer() { "$engine/node" "$root/benchmarks/peers/run.mjs" --peer "$@"; }

# Contestants outside the repository may be missing; they are then skipped, with a message.
present=()
for contestant in "${contestants[@]}"; do
  missing=
  is_ours "$contestant" || missing=$(run_peer "$contestant" --missing)
  if [[ -n $missing ]]; then printf 'bench: %s is left out: %s\n' "$contestant" "$missing" >&2; else present+=("$contestant"); fi
done
((${#present[@]})) || misused "none of the contestants is here"

# One workload at a time: a contestant that crashes in one still has its figures of the others.
measure() {
  local workload settings program=(run_peer "$1" "${peer_arguments[@]}") chosen=${workloads:-${own_workloads[$1]:-$all_workloads}}
  read -ra settings <<<"${own_settings[$1]/START_PROGRAM/$start_program}"
  if is_ours "$1"; then program=("$load_bench" --json-lines "${settings[@]}"); else run_peer "$1" --version; fi
  for workload in ${chosen//,/ }; do
    "${program[@]}" --workload "$workload" "${arguments[@]}" && continue
    printf 'bench: %s failed in %s\n' "$1" "$workload" >&2
    failed=1
  done
}

list='import(process.argv[1]).then(catalogue => console.log(catalogue.workloadNames.join()))'
all_workloads=$("$engine/node" -e "$list" "$root/benchmarks/peers/catalogue.mjs")
mkdir -p "$results"
rm -f "$results"/*.jsonl
"$engine/node" "$root/benchmarks/report/machine.mjs" --rounds "$rounds" "${arguments[@]}" >"$results/machine.json"
for ((round = 1; round <= rounds; round++)); do
  for contestant in "${present[@]}"; do
    started=$SECONDS
    measure "$contestant" >"$results/$contestant-$round.jsonl"
    printf 'bench: %s, round %s of %s: %s s\n' "$contestant" "$round" "$rounds" "$((SECONDS - started))" >&2
  done
done

"$engine/node" "$root/benchmarks/peers/table.mjs" "${table[@]}" "$results"/*.jsonl
# After a quick run, whose code is still cold, a missed target would say nothing.
if [[ -f $results/enclave-1.jsonl && ${table[*]} != --json && ${arguments[*]} != --quick ]]; then
  printf '\nTargets: most allowed, measured\n'
  "$engine/node" "$root/benchmarks/targets.mjs" "$results"/enclave-*.jsonl
fi
((report == 0)) || write_report
exit "$failed"

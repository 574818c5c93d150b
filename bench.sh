#!/usr/bin/env bash
# Measures Enclave and its peers with the same jobs and prints one table with ratios: ./bench.sh --help
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"

usage() {
  cat <<'TEXT'
Measures Enclave and its peers (isolated-vm, piscina, node-vm) with the jobs of benchmarks/workloads.json, one after another on this machine,
and prints one table with ratios and then Enclave's targets. What was measured stays in artifacts/bench/*.jsonl.

  ./bench.sh [--quick] [--workload W1,W2] [--only NAME] [--rounds N] [--markdown]
  ./bench.sh --guard [--json]
  ./bench.sh --isolation [--json] [--rounds N] [--quick]
  ./bench.sh --double-vm [--quick]
  ./bench.sh --http [--quick] [--json]
  ./bench.sh --front-end [--json] [--rounds N] [--package NAME]

  --quick       few jobs: whether everything works, not how fast
  --workload    which workloads, by name; all of them without it
  --only        one contestant: enclave, isolated-vm, piscina or node-vm
  --rounds      so many runs of each contestant, taking turns; the table has the medians
  --markdown    the table as Markdown
  --guard       what the guard costs a script, beside the documented product's own where that lies in ../shared/upstream-peer
  --isolation   what a worker's isolation costs, level by level with it and without in turns: start, tiny jobs, kill, the host's look; Markdown, or JSON
  --double-vm   what an outer isolate with a policy costs a tool call; Markdown
  --http        sessions over HTTP, at a broker with its own workers and at one over two runtimes: time and sessions per second; Markdown, or JSON lines
  --front-end   the JavaScript parser and printer beside acorn and astring instead, over npm packages; two Markdown tables, or with --json all figures

Examples:
  ./bench.sh                                   # everything once: two to three minutes
  ./bench.sh --workload W1,W6 --rounds 5       # two workloads, less noise
  ./bench.sh --only enclave --quick            # after a change: does it still run
TEXT
}

misused() { printf 'bench: %s; ./bench.sh --help shows how\n' "$1" >&2; exit 2; }

rounds=1
workloads=
failed=0
contestants=(enclave isolated-vm piscina node-vm)
arguments=()
table=()
# What is measured instead is a program with options of its own.
if [[ ${1:-} == --guard ]]; then
  shift
  setup
  exec "$engine/node" "$root/benchmarks/guard.mjs" "$artifacts/bin/Enclave.FrontEndBench/$configuration/Enclave.FrontEndBench" "$root/../shared/upstream-peer/enclave-core.mjs" "$@"
fi
if [[ ${1:-} == --isolation || ${1:-} == --double-vm || ${1:-} == --http ]]; then
  setup
  exec "$artifacts/bin/Enclave.LoadBench/$configuration/Enclave.LoadBench" "$@"
fi
if [[ ${1:-} == --front-end ]]; then
  shift
  setup
  npm_tools javascript "$root/eng/javascript"
  exec "$engine/node" --max-old-space-size=8192 "$root/benchmarks/front-end.mjs" \
    "$artifacts/bin/Enclave.FrontEndBench/$configuration/Enclave.FrontEndBench" "$artifacts/npm/javascript" "$@"
fi
while (($#)); do
  case $1 in
    --quick) arguments+=(--quick) ;;
    --workload) workloads=${2:?--workload needs names} && shift ;;
    --only) contestants=("${2:?--only needs a name}") && shift ;;
    --rounds) rounds=${2:?--rounds needs a number} && shift ;;
    --markdown) table+=(--markdown) ;;
    --help | -h) usage && exit ;;
    *) misused "$1 is no option" ;;
  esac
  shift
done
[[ $rounds =~ ^[1-9][0-9]?$ ]] || misused "--rounds is $rounds; it must be 1 to 99"
[[ " enclave isolated-vm piscina node-vm " == *" ${contestants[0]} "* ]] || misused "--only is ${contestants[0]}; it must be enclave, isolated-vm, piscina or node-vm"

setup
[[ ${contestants[*]} == enclave ]] || "$root/benchmarks/peers/install.sh" >&2

# One workload at a time: a contestant that crashes in one still has its figures of the others.
measure() {
  local workload program=("$engine/node" "$root/benchmarks/peers/run.mjs" --peer "$1")
  [[ $1 != enclave ]] || program=("$artifacts/bin/Enclave.LoadBench/$configuration/Enclave.LoadBench" --json-lines)
  for workload in ${workloads//,/ }; do
    "${program[@]}" --workload "$workload" "${arguments[@]}" && continue
    printf 'bench: %s failed in %s\n' "$1" "$workload" >&2
    failed=1
  done
}

list='import(process.argv[1]).then(catalogue => console.log(catalogue.workloadNames.join()))'
[[ -n $workloads ]] || workloads=$("$engine/node" -e "$list" "$root/benchmarks/peers/catalogue.mjs")
results="$artifacts/bench"
mkdir -p "$results"
rm -f "$results"/*.jsonl
for ((round = 1; round <= rounds; round++)); do
  for contestant in "${contestants[@]}"; do
    started=$SECONDS
    measure "$contestant" >"$results/$contestant-$round.jsonl"
    printf 'bench: %s, round %s of %s: %s s\n' "$contestant" "$round" "$rounds" "$((SECONDS - started))" >&2
  done
done

"$engine/node" "$root/benchmarks/peers/table.mjs" "${table[@]}" "$results"/*.jsonl
if [[ -f $results/enclave-1.jsonl ]]; then
  printf '\nTargets: most allowed, measured\n'
  "$engine/node" "$root/benchmarks/targets.mjs" "$results"/enclave-*.jsonl
fi
exit "$failed"

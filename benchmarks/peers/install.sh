#!/usr/bin/env bash
# Installs the peers named in package-lock.json into <repo>/artifacts/npm/peers and runs a job in each with the engine in <repo>/artifacts/engine.
# Does nothing if that was already done for this lock file and this engine. Writes nothing into the source tree.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=$(cd "$here/../.." && pwd)
node=${ENCLAVE_ENGINE:-$repo/artifacts/engine}/node
target=$repo/artifacts/npm/peers
log=$target/install.log
# In node_modules, which npm ci empties first: a broken install leaves no stamp.
stamp=$target/node_modules/.installed

[[ -x $node ]] || { echo "peers: no engine at $node; set it up first" >&2; exit 1; }
version=$("$node" --version)
wanted="$(cat "$here"/{package.json,package-lock.json,.npmrc} | sha256sum | cut -d' ' -f1) $version"
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then exit 0; fi

mkdir -p "$target"
cp "$here"/{package.json,package-lock.json,.npmrc} "$target/"

# No install scripts: isolated-vm contains a binary for each engine version (ABI), so nothing is compiled or run at installation.
if ! (cd "$target" && PATH="$(dirname "$node"):$PATH" npm ci --ignore-scripts >"$log" 2>&1); then
  echo "peers: npm ci failed; the end of $log:" >&2
  tail -n 20 "$log" >&2
  exit 1
fi

# One tiny job each is the test: a binary that is missing for this engine or does not start must fail here, not during a benchmark.
while read -r peer _; do
  [[ $peer != enclave && $peer != enclave-* ]] || continue
  missing=$("$node" "$here/run.mjs" --peer "$peer" --missing)
  if [[ -n $missing ]]; then
    echo "peers: $peer is left out: $missing"
    continue
  fi
  if ! "$node" "$here/try.mjs" "$peer" >>"$log" 2>&1; then
    echo "peers: $peer does not run in node $version; the end of $log:" >&2
    tail -n 20 "$log" >&2
    exit 1
  fi
  echo "peers: $(tail -n 1 "$log")"
done <"$here/contestants.txt"

printf '%s\n' "$wanted" >"$stamp"

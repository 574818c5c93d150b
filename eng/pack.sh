#!/usr/bin/env bash
# Makes the NuGet packages, with their notices and bill of materials, in artifacts/packages.
#   eng/pack.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
packages="$artifacts/packages"

setup
build_demo
mkdir -p "$packages"
rm -f "$packages"/*.nupkg
"$root/eng/packages/notices.sh" >"$packages/THIRD-PARTY-NOTICES.txt"
"$engine/node" "$root/eng/packages/sbom.mjs" >"$packages/sbom.cdx.json"
for project in Enclave.Engine Enclave.Host Enclave.Cli Enclave.Testing Enclave.Streaming Enclave.Broker Enclave.Broker.PostgreSql Enclave.Runtime Enclave.RabbitMq Enclave.Client; do
  say "packing $project"
  quietly dotnet pack "$root/src/$project" -c Release --no-build -p:BuildProjectReferences=false -p:DemoFolder="$artifacts/demo" --nologo -v quiet -o "$packages"
done
(cd "$packages" && ls -l ./*.nupkg | awk '{ printf "%-45s %8.2f MB\n", substr($9, 3), $5 / 1e6 }')

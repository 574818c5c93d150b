#!/usr/bin/env bash
# Makes the NuGet packages, with their notices and bill of materials, and the npm package of the client for JavaScript in artifacts/packages, and
# SHA256SUMS and the reference of all public members beside them.
#   eng/pack.sh                    unsigned
#   eng/pack.sh --old-engine       whatever the age of the engine: for tests. Otherwise one older than 45 days is refused while a later one is served
#   eng/pack.sh --just-in-time     Enclave.Cli as one package with code for .NET: for tests. Compiling it ahead takes 5 minutes of processor time
#   eng/pack.sh --sign FILE.pfx    signed as their author with this certificate; its password, if it has one, in ENCLAVE_SIGN_PASSWORD,
#                                  a timestamp authority (RFC 3161), if there is one, in ENCLAVE_SIGN_TIMESTAMPER
# The addresses in the packages' metadata: ENCLAVE_PROJECT_URL and ENCLAVE_REPOSITORY_URL; without the latter the git remote "origin", if it is an
# address on the web.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
answer_help "$@"
source "$root/eng/packages/finish.sh"
packages="$artifacts/packages"
certificate="" old_engine=0 ahead=1
while (($#)); do
  case "$1" in
    --old-engine) old_engine=1 ;;
    --just-in-time) ahead=0 ;;
    --sign)
      certificate=${2:?eng/pack.sh --sign FILE.pfx}
      [[ -f "$certificate" ]] || { echo "eng/pack.sh: there is no certificate $certificate" >&2; exit 2; }
      shift
      ;;
    *) echo "usage: eng/pack.sh [--old-engine] [--just-in-time] [--sign FILE.pfx]" >&2; exit 2 ;;
  esac
  shift
done
((old_engine)) || engine_is_current

setup
build_demo
mkdir -p "$packages"
rm -f "$packages"/*.nupkg "$packages"/*.tgz "$packages/SHA256SUMS"
"$root/eng/packages/notices.sh" >"$packages/THIRD-PARTY-NOTICES.txt"
"$engine/node" "$root/eng/packages/sbom.mjs" >"$packages/sbom.cdx.json"
repository=${ENCLAVE_REPOSITORY_URL:-$(web_address "$(git -C "$root" remote get-url origin 2>/dev/null || true)")}
mapfile -t addresses < <(address_options "${ENCLAVE_PROJECT_URL:-}" "$repository" "$(git -C "$root" rev-parse HEAD 2>/dev/null || true)")
names="Enclave.Engine Enclave.Worker.Portable Enclave.Host Enclave.Testing Enclave.Extensions.AI Enclave.Agents.AI Enclave.Mcp
  Enclave.Mcp.AspNetCore Enclave.Streaming Enclave.SessionWire Enclave.Broker Enclave.Broker.PostgreSql Enclave.Runtime Enclave.RabbitMq Enclave.Client
  Enclave.Tenants"
read -r -d '' -a projects <<<"$names" || true
say "packing ${projects[*]}"
pack "${projects[*]}" "$packages" "${addresses[@]}"
say "packing Enclave.Cli"
if ((ahead)); then pack_command "$packages" "${addresses[@]}"; else pack Enclave.Cli "$packages" "${addresses[@]}"; fi
"$root/eng/update-api.sh" --reference "$packages/reference"
say "packing clients/js"
pack_client "$packages"
[[ -z "$certificate" ]] || sign "$packages" "$certificate"
sums "$packages"
(cd "$packages" && ls -l ./*.nupkg ./*.tgz | awk '{ printf "%-45s %8.2f MB\n", substr($9, 3), $5 / 1e6 }')
"$engine/node" "$root/eng/packages/check-sizes.mjs" "$packages" || fail "docs/packages.md has other sizes"
[[ -n "$repository" ]] || say "the packages name no repository: set ENCLAVE_REPOSITORY_URL"

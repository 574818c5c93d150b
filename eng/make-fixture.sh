#!/usr/bin/env bash
# Keeps this checkout's build for tests/Enclave.Upgrade.Tests, which run it beside the next protocol version: eng/make-fixture.sh VERSION [FOLDER]
# Run it at the last commit that speaks VERSION, before it is raised (docs/versioning.md). FOLDER is tests/Enclave.Upgrade.Tests/Previous of another
# checkout.
# After it, raise PeerProtocol.Ours, whose Least becomes VERSION, and remove what only the version before VERSION needed.
# The assemblies are taken as the compiler writes them, not compiled ahead, and without the engine: the tests start them on the engine of their machine.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
answer_help "$@"
[[ "${1:-}" =~ ^[0-9]+$ ]] || fail "usage: eng/make-fixture.sh VERSION [FOLDER], the protocol version that this checkout speaks"
version=$1
kept=$(realpath -m "${2:-$root/tests/Enclave.Upgrade.Tests/Previous}")
cd "$root"
[[ -z "$(git status --porcelain -- src tests/Enclave.UpgradePeer Directory.Build.props Directory.Packages.props)" ]] \
  || fail "there are uncommitted changes: the fixture could not be built again"

quietly dotnet build tests/Enclave.UpgradePeer -c Release -m:2 --nologo -v quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in Streaming Host Durable OpenApi Workers Schemas Guard JavaScript Protocol Testing Broker Broker.PostgreSql RabbitMq Runtime UpgradePeer; do
  cp "$artifacts/obj/Enclave.$name/$configuration/Enclave.$name.dll" "$work/"
done
mkdir -p "$kept"
rm -f "$kept"/*
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=644 -C "$work" -c . | gzip -9n >"$kept/version-$version.tar.gz"
cat >"$kept/README.md" <<TEXT
# Protocol version $version, as it was built

\`version-$version.tar.gz\` has the assemblies of commit \`$(git rev-parse HEAD)\`, made there with

    eng/make-fixture.sh $version

by .NET SDK $(dotnet --version), from a checkout in \`$root\`; there the same command makes the same file again, SHA-256

    $(sha256sum "$kept/version-$version.tar.gz" | cut -d' ' -f1)

\`../PreviousBuild.cs\` starts programs of it.
TEXT
say "$(du -k "$kept/version-$version.tar.gz" | cut -f1) KB in $kept"

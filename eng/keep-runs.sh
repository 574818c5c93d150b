#!/usr/bin/env bash
# Keeps durable runs that this build has put aside, for tests of later builds: tests/Enclave.Host.Tests/Durable/Earlier/NAME.tar.gz
#   eng/keep-runs.sh NAME
# Run it before each release, named after its version, and whenever the form of a journal or of a row is about to change (docs/versioning.md).
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
answer_help "$@"
[[ "${1:-}" =~ ^[A-Za-z0-9.-]+$ ]] || fail "usage: eng/keep-runs.sh NAME"
cd "$root"
quietly dotnet build tests/Enclave.Broker.PostgreSql.Tests -c Release -m:2 --nologo -v quiet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
host="$artifacts/bin/Enclave.TestHost/$configuration/Enclave.TestHost.dll"
# The host kills itself in the middle of a call.
dotnet "$host" sleep "$work/plain" '' || true
dotnet "$host" sleep "$work/sealed" "$(printf '5a%.0s' {1..32})" || true
ENCLAVE_KEEP_RUNS="$work/sealed.sql" dotnet "$artifacts/bin/Enclave.Broker.PostgreSql.Tests/$configuration/Enclave.Broker.PostgreSql.Tests.dll" \
  -noColor -explicit only -method '*Rows_are_written_for_later_builds'
# Commands of psql are no SQL.
sed -i '/^\\/d' "$work/sealed.sql"
kept=tests/Enclave.Host.Tests/Durable/Earlier
mkdir -p "$kept"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work" -c plain sealed sealed.sql | gzip -9n >"$kept/$1.tar.gz"
say "$(du -k "$kept/$1.tar.gz" | cut -f1) KB in $kept/$1.tar.gz"

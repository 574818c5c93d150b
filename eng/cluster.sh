#!/usr/bin/env bash
# Sets up what is missing, then runs PostgreSQL, RabbitMQ, brokers and runtimes on this machine: docs/cluster.md.
#   eng/cluster.sh [--brokers N] [--runtimes N] ...
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
setup
# A killed .NET process leaves the pipes behind that debuggers and tracers attach to. Set it to 1 to attach.
export DOTNET_EnableDiagnostics=${DOTNET_EnableDiagnostics:-0}
exec dotnet "$artifacts/bin/Enclave.Cluster/$configuration/Enclave.Cluster.dll" "$@"

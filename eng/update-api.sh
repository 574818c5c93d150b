#!/usr/bin/env bash
# Writes the public surface (tests/Enclave.Architecture.Tests/PublicApi/*.txt) and the reference (docs/api/*.md) as they are now.
#   eng/update-api.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
answer_help "$@"
setup
ENCLAVE_UPDATE_API=1 quietly dotnet "$artifacts/bin/Enclave.Architecture.Tests/$configuration/Enclave.Architecture.Tests.dll" -class '*PublicApiTests'
git -C "$root" status --short -- docs/api tests/Enclave.Architecture.Tests/PublicApi

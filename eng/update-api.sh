#!/usr/bin/env bash
# Writes the public surface as it is now: tests/Enclave.Architecture.UnitTests/PublicApi/*.txt.
#   eng/update-api.sh                      the surface
#   eng/update-api.sh --reference FOLDER   the reference of all public members instead, a page for each package, into the folder
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
answer_help "$@"
setup
tests="$artifacts/bin/Enclave.Architecture.UnitTests/$configuration/Enclave.Architecture.UnitTests.dll"
case "${1:-}" in
  '')
    ENCLAVE_UPDATE_API=1 quietly dotnet "$tests" -method '*The_public_surface_is*'
    git -C "$root" status --short -- tests/Enclave.Architecture.UnitTests/PublicApi
    ;;
  --reference)
    mkdir -p "${2:?eng/update-api.sh --reference FOLDER}"
    ENCLAVE_REFERENCE=$(readlink -f "$2") quietly dotnet "$tests" -method '*The_reference_has*'
    ;;
  *) echo "usage: eng/update-api.sh [--reference FOLDER]" >&2; exit 2 ;;
esac

#!/usr/bin/env bash
# Finishes packed packages: writes their addresses, signs them, lists their checksums. For eng/pack.sh and its test; changes nothing by itself.

# web_address REMOTE: the address of a git remote as a browser takes it; nothing for a folder, a file:// address, or one with a password in it.
web_address() {
  local remote=${1%.git}
  case "$remote" in
    https://*@*) ;;
    https://*) printf '%s\n' "$remote" ;;
    ssh://git@*) printf 'https://%s\n' "${remote#ssh://git@}" | sed 's#^\(https://[^/:]*\):[0-9]*/#\1/#' ;;
    git@*:*) printf 'https://%s\n' "${remote#git@}" | sed 's#^\(https://[^:]*\):#\1/#' ;;
  esac
}

# sign FOLDER CERTIFICATE: all packages of the folder, as their author.
sign() {
  local options=(--certificate-path "$2" --hash-algorithm SHA256 --overwrite -v quiet)
  [[ -z "${ENCLAVE_SIGN_PASSWORD:-}" ]] || options+=(--certificate-password "$ENCLAVE_SIGN_PASSWORD")
  [[ -z "${ENCLAVE_SIGN_TIMESTAMPER:-}" ]] || options+=(--timestamper "$ENCLAVE_SIGN_TIMESTAMPER")
  dotnet nuget sign "$1"/*.nupkg "${options[@]}"
}

# sums FOLDER: SHA256SUMS of all packages, as `sha256sum -c` reads it. After signing, which changes the files.
sums() { (cd "$1" && sha256sum ./*.nupkg | sed 's: \./: :' >SHA256SUMS); }

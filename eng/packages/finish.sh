#!/usr/bin/env bash
# Packs projects, with their addresses; signs packages, lists their checksums. For eng/pack.sh and its test, beside common.sh; changes nothing by itself.

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

# address_options PROJECT REPOSITORY COMMIT: the options that write addresses into a package, one a line. Either address may be empty.
address_options() {
  [[ -z "$1" ]] || printf -- '-p:PackageProjectUrl=%s\n' "$1"
  [[ -z "$2" ]] || printf -- '-p:%s\n' "RepositoryUrl=$2" RepositoryType=git "RepositoryCommit=$3"
}

# pack "PROJECT..." FOLDER OPTION...: the packages of projects that are built, in the folder.
pack() {
  local names=$1 folder=$2
  shift 2
  quietly dotnet msbuild "$root/eng/packages/Pack.proj" -m -nologo -v:quiet -p:Names="${names// /%3B}" -p:Configuration=Release \
    -p:PackageOutputPath="$folder" -p:DemoFolder="$artifacts/demo" "$@"
}

# compiled_ahead COMMAND PROJECT OPTION...: publishes or packs a program as machine code for Linux x64. It is built in a folder of its own, so that the usual
# build keeps its output. The linker is clang, or else gcc.
compiled_ahead() {
  local command=$1 project=$2 linker=() build="$artifacts/compiled-ahead"
  shift 2
  command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)
  mkdir -p "$build"
  ln -sfn "$engine" "$build/engine" && ln -sfn "$artifacts/packages" "$build/packages"
  # All that lies there is packed.
  rm -rf "$build/publish"
  quietly dotnet "$command" "$root/$project" -c Release -r linux-x64 --nologo -v quiet -p:Native=true -p:CompileAhead=false -p:RunAnalyzers=false \
    -p:ArtifactsPath="$build" -p:LockFolder="$build/locks" -p:DemoFolder="$artifacts/demo" -p:CopyOutputSymbolsToPublishDirectory=false \
    -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false "${linker[@]}" "$@"
}

# pack_command FOLDER OPTION...: the package of the command, which names one for each system: machine code for Linux x64, .NET for all others.
pack_command() {
  local folder=$1
  shift
  compiled_ahead pack src/Enclave.Cli -p:EachSystem=true -o "$folder" "$@"
  # The folder of what is built has no system in its name.
  pack Enclave.Cli "$folder" -p:EachSystem=true -p:RuntimeIdentifier=any -p:ArtifactsPivots=release "$@"
  pack Enclave.Cli "$folder" -p:EachSystem=true -p:PublishAot=true "$@"
}

# pack_client FOLDER: the npm package of the client, built below its packages and beside its tests: nothing is left in the checkout.
pack_client() {
  local work="$artifacts/npm/client-js/pack"
  npm_tools client-js "$root/clients/js"
  rm -rf "$work" && mkdir "$work" && cp -r "$root"/clients/js/{src,package.json,tsconfig.json,README.md,LICENSE} "$work/"
  (cd "$work" && quietly npm pack --pack-destination "$1")
}

# sign FOLDER CERTIFICATE: all packages of the folder, as their author.
sign() {
  local options=(--certificate-path "$2" --hash-algorithm SHA256 --overwrite -v quiet)
  [[ -z "${ENCLAVE_SIGN_PASSWORD:-}" ]] || options+=(--certificate-password "$ENCLAVE_SIGN_PASSWORD")
  [[ -z "${ENCLAVE_SIGN_TIMESTAMPER:-}" ]] || options+=(--timestamper "$ENCLAVE_SIGN_TIMESTAMPER")
  dotnet nuget sign "$1"/*.nupkg "${options[@]}"
}

# sums FOLDER: SHA256SUMS of all packages, as `sha256sum -c` reads it. After signing, which changes the files.
sums() { (cd "$1" && sha256sum ./*.nupkg ./*.tgz | sed 's: \./: :' >SHA256SUMS); }

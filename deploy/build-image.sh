#!/usr/bin/env bash
# Builds the images enclave-runtime, enclave-broker and enclave-lambda, with docker, podman or buildah, whichever is there.
#   deploy/build-image.sh                          all three, tagged with the version
#   deploy/build-image.sh runtime                  one of them
#   deploy/build-image.sh --tool buildah --base debian:13-slim
#   deploy/build-image.sh --pull never             for a base image that is here already
# deploy/build-image.sh --files                  only the content of the images, in artifacts/image
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/setup.sh"
source "$root/eng/packages/finish.sh"
answer_help "$@"

usage() { sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
tool="" base=debian:12-slim pull="" files=0 wanted=()
while (($#)); do
  case "$1" in
    runtime | broker | lambda) wanted+=("$1") ;;
    --tool) tool=${2:?--tool needs a name}; shift ;;
    --base) base=${2:?--base needs an image}; shift ;;
    --pull) pull=${2:?--pull needs never, missing or always}; shift ;;
    --files) files=1 ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
((${#wanted[@]})) || wanted=(runtime broker lambda)
if [[ -z "$tool" && $files == 0 ]]; then
  for candidate in docker podman buildah; do command -v "$candidate" >/dev/null && { tool=$candidate; break; }; done
  [[ -n "$tool" ]] || fail "missing: docker, podman or buildah"
fi

image="$artifacts/image"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")

# publish PROJECT FOLDER: the program as machine code, which needs no .NET.
publish() {
  local project=$1 folder=$2
  say "publishing $(basename "$project" .csproj)"
  rm -rf "$folder"
  compiled_ahead publish "$project" -o "$folder" -p:PackAsTool=false
  [[ -f "$folder/engine/libenclave-engine.so" ]] || fail "the engine is not in $folder"
  rm -f "$folder"/*.{pdb,dbg,xml}
  "$root/eng/packages/notices.sh" >"$folder/THIRD-PARTY-NOTICES.txt"
  cp "$root/LICENSE" "$folder/"
}

# The packages are those of the lock files: same versions, same hashes. The compiler is .NET's own, of the SDK's version.
compare_locks() {
  "$engine/node" - "$artifacts/compiled-ahead/locks" "$root"/src/*/packages.lock.json "$root"/deploy/lambda/*/packages.lock.json <<'JS' \
    || fail "the images have other packages than the lock files"
const { existsSync, readFileSync } = require('node:fs'), { basename, dirname } = require('node:path');
const [folder, ...files] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, 'utf8')).dependencies['net10.0'];
let compared = 0, wrong = 0;
for (const file of files) {
  const other = `${folder}/${basename(dirname(file))}.json`;
  if (!existsSync(other)) continue;
  const locked = read(file), used = read(other);
  for (const name of new Set([...Object.keys(locked), ...Object.keys(used)])) {
    if (name === 'Microsoft.DotNet.ILCompiler') continue;
    compared++;
    if (locked[name]?.contentHash === used[name]?.contentHash && locked[name]?.resolved === used[name]?.resolved) continue;
    wrong++;
    console.error(`${basename(other)}: ${name} is ${used[name]?.resolved ?? 'not there'}; ${file} has ${locked[name]?.resolved ?? 'none'}`);
  }
}
process.exit(wrong > 0 || compared === 0 ? 1 : 0);
JS
}

# build NAME CONTEXT DOCKERFILE [TARGET]
build() {
  local name=$1 context=$2 file=$3 options=()
  # The health check exists in Docker's format only.
  [[ "$tool" == docker ]] || options+=(--format docker)
  [[ -z "${4:-}" ]] || options+=(--target "$4")
  case "$tool-$pull" in
    *-) ;;
    docker-always) options+=(--pull) ;;
    docker-*) ;;
    *) options+=("--pull=$pull") ;;
  esac
  say "building enclave-$name:$version with $tool"
  "$tool" build "${options[@]}" --build-arg "BASE=$base" -t "enclave-$name:$version" -f "$file" "$context"
}

check_platform
install_packages
install_engine
build_native
build_snapshot
build_demo
published=0
for name in "${wanted[@]}"; do
  case "$name" in
    lambda) publish deploy/lambda/Enclave.Lambda/Enclave.Lambda.csproj "$image/lambda/app" ;;
    *)
      # Both images contain the command line.
      ((published)) && continue
      published=1
      publish src/Enclave.Cli/Enclave.Cli.csproj "$image/enclave/app"
      rm -rf "$image/enclave/engine"
      mv "$image/enclave/app/engine" "$image/enclave/"
      ;;
  esac
done
compare_locks
((files)) && exit 0
for name in "${wanted[@]}"; do
  case "$name" in
    lambda) build lambda "$image/lambda" "$root/deploy/lambda/Dockerfile" ;;
    *) build "$name" "$image/enclave" "$root/deploy/Dockerfile" "$name" ;;
  esac
done

#!/usr/bin/env bash
# Runs tests of workers on other systems: with their C library and their bubblewrap, on this machine's kernel. As root, with tests that are built.
#   eng/other-systems.sh                     smoke tests, tests of Worker, resets and comparisons of Attacks, on Debian trixie and on sid
#   eng/other-systems.sh trixie              on one of them
#   eng/other-systems.sh trixie COMMAND...   a command there, in this checkout
# mmdebstrap makes a root of each once, in artifacts/systems: remove that folder for newer ones. It is entered by pivot_root, not by chroot: in a chroot the
# kernel gives no user namespaces, and so no jail. The checkout and .NET are mounted at their own places.
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
answer_help "$@"
[[ $EUID == 0 ]] || fail "another system's root is made and entered as root"

# Packages that .NET and workers need, by names that are the same in each release.
packages=bubblewrap,ca-certificates,libatomic1,libicu-dev,openssl,procps,tzdata
tests=(
  "SmokeTests"
  "Worker.Tests"
  "Attacks.Tests ClockTests RemanenceTests RepeatedRunTests SequenceTests StayingWorkerTests PlantedChangeTests PlantedMemoryTests SealedCodeTests"
  "Attacks.Tests DescriptorShortageTests NurseryTests NurseryBranchTests ParkedRunTests ReplacedNurseryTests WorkerRootTests WorkerProcessTests"
)

# make NAME: the root of a release of Debian.
make() {
  local folder="$artifacts/systems/$1"
  [[ ! -f "$folder/etc/debian_version" ]] || return 0
  command -v mmdebstrap >/dev/null || apt_install mmdebstrap
  say "making a root of Debian $1"
  mkdir -p "$artifacts/systems"
  rm -rf "$folder.new"
  # A mirror that is a copy of some day has lists that have expired. They are signed all the same.
  quietly mmdebstrap --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' --include="$packages" "$1" "$folder.new"
  mv "$folder.new" "$folder"
}

# inside NAME COMMAND...: runs a command in a root, in a mount namespace of its own.
inside() {
  local folder="$artifacts/systems/$1" dotnet
  shift
  dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
  mkdir -p "$folder$root" "$folder$dotnet" "$folder/before"
  ln -sfn "$dotnet/dotnet" "$folder/usr/bin/dotnet"
  # shellcheck disable=SC2016 # The inner shell expands it.
  unshare --mount --propagation private bash -euc '
    folder=$1 checkout=$2 dotnet=$3
    shift 3
    mount --bind "$folder" "$folder"
    for part in /proc /sys /dev; do mount --rbind "$part" "$folder$part"; done
    mount -t tmpfs -o mode=1777 tmp "$folder/tmp"
    mount --bind "$dotnet" "$folder$dotnet"
    mount --bind "$checkout" "$folder$checkout"
    cd "$folder"
    pivot_root . before
    umount -l /before
    cd "$checkout"
    exec env -u TMPDIR HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
  ' inside "$folder" "$root" "$dotnet" "$@"
}

# run NAME PROJECT [CLASS...]: some tests of a project. One line, or the failures.
run() {
  local name=$1 project=$2 classes=() log status=0 started=$SECONDS
  shift 2
  for class in "$@"; do classes+=(-class "*.$class"); done
  log="$artifacts/systems/$name.log"
  inside "$name" env DOTNET_EnableDiagnostics=0 ENCLAVE_TEST_FULL=0 timeout --foreground --kill-after=10 1800 \
    dotnet "$artifacts/bin/Enclave.$project/$configuration/Enclave.$project.dll" -noColor "${classes[@]}" >"$log" 2>&1 || status=$?
  [[ $status == 0 ]] || sed -n '/\[FAIL\]/,$p' "$log" | head -100
  printf '%s %s: %s, %s s\n' "$name" "$project" "$(sed -n 's/.*Total: /total /p' "$log" | tail -1)" "$((SECONDS - started))"
  return "$status"
}

systems=(trixie sid)
[[ -z "${1:-}" ]] || systems=("$1")
failed=0
for system in "${systems[@]}"; do
  make "$system"
  if (($# > 1)); then
    inside "$system" "${@:2}"
    continue
  fi
  printf 'Debian %s: glibc %s, %s, Linux %s\n' "$system" "$(inside "$system" getconf GNU_LIBC_VERSION | cut -d' ' -f2)" \
    "$(inside "$system" bwrap --version)" "$(uname -r)"
  for line in "${tests[@]}"; do
    # shellcheck disable=SC2086 # A project and its classes.
    run "$system" $line || failed=1
  done
done
exit "$failed"

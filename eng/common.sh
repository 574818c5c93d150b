# Shared by the scripts: where things are, and one line for each thing that is installed. Sourced, never run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
artifacts="$root/artifacts"
engine="$artifacts/engine"
configuration=release

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# A build server that outlives the script keeps files and descriptors of the caller open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() { printf 'set-up: %s\n' "$*" >&2; exit 1; }

# Runs a command and shows what it printed only if it failed. Its temporary folder is removed afterwards: the .NET SDK leaves nameless folders in it.
quietly() {
  local folder status=0
  folder=$(mktemp -d) && chmod 1777 "$folder"
  TMPDIR="$folder" "$@" >"$folder/output.log" 2>&1 || status=$?
  [[ $status == 0 ]] || cat "$folder/output.log" >&2
  rm -rf "$folder"
  [[ $status == 0 ]] || fail "failed: $*"
}

# A fingerprint of files by content, so that a checkout's fresh dates rebuild nothing.
fingerprint() { cat "$@" | sha256sum | cut -c1-16; }

# is_done STEP KEY: whether the step was last done with this key.
is_done() { [[ -f "$artifacts/setup/$1" && "$(<"$artifacts/setup/$1")" == "$2" ]]; }
mark_done() { mkdir -p "$artifacts/setup" && printf '%s' "$2" >"$artifacts/setup/$1"; }

# answer_help "$@": with --help, prints the first comment of the script and exits.
answer_help() {
  [[ "${1:-}" == --help || "${1:-}" == -h ]] || return 0
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit 0
}

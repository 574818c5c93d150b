#!/usr/bin/env bash
# Tests the packages as a user would: new projects in a folder outside the repository, restored from the packages alone.
#   eng/test-packages.sh          a console program on both engines, a program in words of the JavaScript product, a broker with a runtime and a client,
#                                 a program that is compiled ahead, the page README.md from an empty project, the command
#   eng/test-packages.sh --full   also a web application, both published self-contained and as a single file, unit tests without V8, and what is refused
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/common.sh"
answer_help "$@"
full=0
[[ "${1:-}" == --full ]] && full=1
projects="$root/tests/packages"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
work=$(mktemp -d /tmp/enclave-packages.XXXXXX)
# Outside of $work, whose settings its programs would find.
user=$(mktemp -d /tmp/enclave-user.XXXXXX)
server=""
clean() {
  [[ -z "$server" ]] || kill "$server" 2>/dev/null || true
  rm -rf "$work" "$user"
}
trap clean EXIT

die() { printf '%s\n' "$*" >&2; exit 1; }
now() { date +%s%N; }
# took NAME STARTED [FOLDER]: one line with the time, and what the folder takes.
took() { printf '%-44s %6d ms  %s\n' "$1" $((($(now) - $2) / 1000000)) "${3:+$(du -sm "$3" | cut -f1) MB}"; }

[[ -f "$artifacts/packages/Enclave.Host.$version.nupkg" ]] || die "artifacts/packages has no packages of version $version: run eng/pack.sh"
source "$root/eng/packages/finish.sh"

# The description in each package. Then the addresses, in the two ways in which packages are made: by our own target, and by the SDK.
describes() { "$artifacts/engine/node" "$root/eng/packages/check-nuspec.mjs" "$@"; }
describes "$artifacts/packages"/*."$version".nupkg || die "packages are not described as they should be"
started=$(now) addressed=(Enclave.Streaming)
[[ $full == 0 ]] || addressed+=(Enclave.Cli)
project=https://a.example/enclave repository=https://a.example/x/y commit=$(printf 'a%.0s' {1..40})
mapfile -t addresses < <(address_options "$project" "$repository" "$commit")
for name in "${addressed[@]}"; do
  pack "$name" "$work/addressed" "${addresses[@]}"
  package="$work/addressed/$name.$version.nupkg"
  describes --project "$project" --repository "$repository" --commit "$commit" "$package" || die "$name does not have the addresses that it was given"
  if describes --repository https://a.example/x/z "$package" 2>/dev/null; then die "a wrong address of $name is not found"; fi
done
took "describe, with addresses" "$started"

# Our own packages come only from the folder. All others come from the configured sources of this machine, or from its cache.
cp -r "$projects/." "$work/"
machine=$(cd / && dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
export NUGET_PACKAGES="$work/packages" ENCLAVE_ENGINE=
# Links to the machine's package cache, except for our own packages: old ones would be tested instead of the new ones.
mkdir "$work/machine"
links=()
for package in "${machine%/}"/*/; do
  package=${package%/}
  [[ "${package##*/}" == enclave.* || ! -d "$package" ]] || links+=("$package")
done
((${#links[@]} == 0)) || ln -s -t "$work/machine" "${links[@]}"
{
  echo "<configuration><packageSources><add key=\"enclave\" value=\"$artifacts/packages\" /></packageSources>"
  echo "<fallbackPackageFolders><add key=\"machine\" value=\"$work/machine\" /></fallbackPackageFolders>"
  echo "<packageSourceMapping><packageSource key=\"enclave\"><package pattern=\"Enclave.*\" /></packageSource>"
  (cd / && dotnet nuget list source) | sed -n 's:^ *[0-9]*\. *\(.*\) \[Enabled\]$:<packageSource key="\1"><package pattern="*" /></packageSource>:p'
  echo "</packageSourceMapping></configuration>"
} >"$work/NuGet.config"
for project in "$work"/*/*.csproj.in; do sed "s/VERSION/$version/" "$project" >"${project%.in}"; done
cd "$work"

# publish PROJECT NAME OPTION…: into NAME/, with what was printed in NAME.log.
publish() {
  local project=$1 name=$2 started
  shift 2
  started=$(now)
  dotnet publish "$project" --nologo -v quiet -o "$work/$name" "$@" >"$work/$name.log" 2>&1 || { cat "$work/$name.log"; die "$name does not publish"; }
  took "$name: publish" "$started" "$work/$name"
}

# runs NAME COMMAND…: the console program's answer.
runs() {
  local name=$1 started answer
  shift
  started=$(now)
  answer=$(cd / && timeout 300 "$@") || die "$name: exit code $?, $answer"
  [[ "$answer" == *"the answer is 42"* ]] || die "$name: $answer"
  took "$name: run" "$started"
}

# listens NAME SED: the address that the server prints, into $address.
listens() {
  local began
  began=$(now)
  address=""
  while [[ -z "$address" ]]; do
    kill -0 "$server" 2>/dev/null || { cat "$work/$1.log"; die "$1 ended"; }
    (($(now) - began < 300000000000)) || { cat "$work/$1.log"; die "$1 does not listen"; }
    address=$(sed -n "$2" "$work/$1.log")
    [[ -n "$address" ]] || sleep 0.01
  done
}

# serves NAME COMMAND…: the web application's first answer, counted from its start.
serves() {
  local name=$1 started address answer
  shift
  started=$(now)
  (cd "$work/$name" && exec "$@" --urls http://127.0.0.1:0) >"$work/$name.log" 2>&1 &
  server=$!
  listens "$name" 's/.*Now listening on: //p'
  answer=$(curl -sS --noproxy '*' --max-time 300 "$address/run?tenant=acme")
  [[ "$answer" == '"the answer is 42 for acme"' ]] || { cat "$work/$name.log"; die "$name: $answer"; }
  took "$name: start to first answer" "$started"
  kill "$server" && wait "$server" || true
  server=""
}

# refuses PROJECT TEXT OPTION…: a build that ends with this text.
refuses() {
  local project=$1 text=$2
  shift 2
  if dotnet publish "$project" --nologo -v quiet -o "$work/refused" "$@" >"$work/refused.log" 2>&1; then die "$project was published with $*"; fi
  grep -q "$text" "$work/refused.log" || { cat "$work/refused.log"; die "$project with $*: not refused by $text"; }
  echo "refused as $text: $*"
}

for file in "$artifacts/packages"/*."$version".nupkg; do printf '%-44s %6d KB\n' "$(basename "$file")" $(($(stat -c %s "$file") / 1000)); done

started=$(now)
(cd "$artifacts/packages" && sha256sum --quiet -c SHA256SUMS) || die "SHA256SUMS is not that of the packages"
for pair in "https://a.example/x/y.git https://a.example/x/y" "git@a.example:x/y.git https://a.example/x/y" \
  "ssh://git@a.example:22/x/y.git https://a.example/x/y" "https://user:word@a.example/x ," "/work/x.git ,"; do
  read -r remote address <<<"$pair"
  [[ "$(web_address "$remote")" == "${address#,}" ]] || die "the address of $remote is $(web_address "$remote")"
done
# Signs with a certificate that only the configuration trusts, and checks which packages verify.
mkdir "$work/signed"
cp "$artifacts/packages/Enclave.Testing.$version.nupkg" "$work/signed/"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/certificate.pem" -days 2 -subj "/CN=Enclave test" \
  -config <(printf '%s\n' '[req]' distinguished_name=dn x509_extensions=v3 '[dn]' '[v3]' basicConstraints=critical,CA:FALSE \
    keyUsage=critical,digitalSignature extendedKeyUsage=codeSigning) 2>sign.log || { cat sign.log; die "no certificate"; }
openssl pkcs12 -export -out "$work/certificate.pfx" -inkey "$work/key.pem" -in "$work/certificate.pem" -passout pass:word
fingerprint=$(openssl x509 -in "$work/certificate.pem" -outform der | sha256sum | cut -d' ' -f1 | tr a-f A-F)
cat >trusted.config <<XML
<configuration>
  <config><add key="signatureValidationMode" value="require" /></config>
  <trustedSigners>
    <author name="Enclave"><certificate fingerprint="$fingerprint" hashAlgorithm="SHA256" allowUntrustedRoot="true" /></author>
  </trustedSigners>
</configuration>
XML
verifies() { dotnet nuget verify --all "$1" --certificate-fingerprint "$fingerprint" --configfile "$work/trusted.config" >verify.log 2>&1; }
ENCLAVE_SIGN_PASSWORD=word sign "$work/signed" "$work/certificate.pfx" >sign.log 2>&1 || { cat sign.log; die "the package is not signed"; }
verifies "$work/signed/Enclave.Testing.$version.nupkg" || { cat verify.log; die "the signature is not verified"; }
cp "$work/signed/Enclave.Testing.$version.nupkg" changed.nupkg
"$artifacts/engine/node" -e \
  'const fs = require("fs"); const bytes = fs.readFileSync("changed.nupkg"); bytes[100] ^= 1; fs.writeFileSync("changed.nupkg", bytes)'
if verifies changed.nupkg; then die "a changed package is verified"; fi
if verifies "$artifacts/packages/Enclave.Host.$version.nupkg"; then die "a package that nobody trusted has signed is verified"; fi
took "sign, verify, refuse what was changed" "$started"

started=$(now)
dotnet build console --nologo -v quiet >build.log 2>&1 || { cat build.log; die "the console program does not build"; }
took "console: restore and build" "$started" console/bin
for page in TIMEOUT VALIDATION_ERROR; do
  [[ -f "$NUGET_PACKAGES/enclave.host/$version/docs/errors/$page.md" ]] || die "Enclave.Host has no docs/errors/$page.md, which its messages name"
done
runs console dotnet "$work/console/bin/Debug/net10.0/console.dll"

# Names of the JavaScript product: the analyzer in the package says what they are here, and nothing of the program that compiles.
started=$(now)
if grep -q ENCLAVE1 build.log; then cat build.log; die "the analyzer says something of a program that compiles"; fi
if dotnet build habits --nologo -v quiet >build.log 2>&1; then die "a program in words of the JavaScript product compiles"; fi
for said in "ENCLAVE103: .*SecurityLevel.Strict" "ENCLAVE103: .*TimeSpan.FromMilliseconds(5000)" "ENCLAVE104: " "ENCLAVE101: Enclave is EnclaveHost" \
  "ENCLAVE101: run is RunAsync"; do
  grep -q "$said" build.log || { cat build.log; die "the compiler does not say $said"; }
done
took "names of the JavaScript product" "$started"

started=$(now)
dotnet build portable --nologo -v quiet >build.log 2>&1 || { cat build.log; die "the program with the portable engine does not build"; }
took "portable engine: restore and build" "$started" portable/bin
ENCLAVE_ENGINE="$work/portable/bin/Debug/net10.0/engine-portable" runs "portable engine" dotnet "$work/portable/bin/Debug/net10.0/portable.dll"

started=$(now)
dotnet build broker --nologo -v quiet >build.log 2>&1 || { cat build.log; die "the broker does not build"; }
took "broker: restore and build" "$started" broker/bin
runs broker dotnet "$work/broker/bin/Debug/net10.0/broker.dll"

# Compiled ahead, where each warning of the compiler is an error. Its linker is clang, or else gcc.
linker=()
command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)
publish ahead compiled-ahead -r linux-x64 "${linker[@]}"
printf '%-44s %6d KB\n' "compiled-ahead: the program without its engine" $(($(stat -c %s "$work/compiled-ahead/ahead") / 1000))
runs compiled-ahead "$work/compiled-ahead/ahead"

# README.md and clients/js/README.md from an empty project, as a user who has made the packages. Nothing but the folder is a source.
# block PAGE HEADING LANGUAGE N: the N-th block in this language behind a heading.
block() {
  awk -v heading="$2" -v fence='```'"$3" -v n="$4" '$0 == heading { there = 1 } /^```$/ { on = 0 } on; there && $0 == fence { on = ++i == n }' "$root/$1"
}
# as_user FOLDER COMMANDS: in the folder, with settings and packages of its own.
as_user() {
  (cd "$1" && env HOME="$user" DOTNET_CLI_HOME="$user" NUGET_PACKAGES="$user/packages" NUGET_FALLBACK_PACKAGES="$work/machine" ENCLAVE="$root" \
    npm_config_offline=true npm_config_cache="$user/npm" bash -euo pipefail -c "$2")
}
started=$(now)
mkdir -p "$user/.nuget/NuGet" "$user/first" "$user/page"
echo '<configuration><packageSources><clear /></packageSources></configuration>' >"$user/.nuget/NuGet/NuGet.Config"
prepare=$(block README.md '## Install' sh 1)
[[ "$prepare" == eng/pack.sh$'\n'* ]] || die "README.md does not begin with eng/pack.sh, which has run: $prepare"
[[ "$(block clients/js/README.md '## Install' sh 1)" == eng/pack.sh ]] || die "clients/js/README.md does not begin with eng/pack.sh"
as_user "$root" "${prepare#*$'\n'}" >readme.log 2>&1 || { cat readme.log; die "the commands of README.md do not add the source"; }
as_user "$user/first" "dotnet new console && $(block README.md '## Install' sh 2)" >readme.log 2>&1 || { cat readme.log; die "README.md does not install"; }
block README.md '## A first program' csharp 1 >"$user/first/Program.cs"
answer=$(as_user "$user/first" 'dotnet run' 2>&1) || die "the first program of README.md: $answer"
[[ "$answer" == $'42.5\nVALIDATION_ERROR\n'*NO_EVAL* ]] || die "the first program of README.md: $answer"
took "README.md: install, build and run" "$started"
started=$(now)
as_user "$user/page" "npm init -y && $(block clients/js/README.md '## Install' sh 2)" >readme.log 2>&1 \
  || { cat readme.log; die "clients/js/README.md does not install"; }
(cd "$user/page" && "$artifacts/engine/node" -e 'import("enclave-client").then(m => process.exit(typeof m.EnclaveClient === "function" ? 0 : 1))') \
  || die "clients/js/README.md: the package has no EnclaveClient"
took "clients/js/README.md: install" "$started"
enclave="$user/.dotnet/tools/enclave"
started=$(now)
[[ "$(echo 'return 6 * 7' | "$enclave" run -)" == 42 ]] || die "enclave run gives something else"
took "tool: enclave run" "$started"
(cd / && exec "$enclave" serve --demo --port 0 --json) >"$work/demo.log" 2>&1 &
server=$!
listens demo 's/.*"listening":"\([^"]*\)".*/\1/p'
page=$(curl -sS --noproxy '*' --max-time 300 "$address/") licences=$(curl -sS --noproxy '*' --max-time 300 "$address/licenses.md")
[[ "$page" == *'<title>Enclave'* ]] || die "enclave serve --demo has no page"
[[ "$licences" == *'## @codemirror/view'* ]] || die "the page comes without the licences of what is in it"
kill "$server" && wait "$server" || true
server=""
echo "tool: enclave serve --demo has its page"

if [[ $full == 1 ]]; then
  publish console console-dependent --no-self-contained
  runs console-dependent dotnet "$work/console-dependent/console.dll"
  publish console console-self-contained -r linux-x64 --self-contained
  runs console-self-contained "$work/console-self-contained/console"
  publish console console-single-file -r linux-x64 --self-contained -p:PublishSingleFile=true
  runs console-single-file "$work/console-single-file/console"
  publish console console-small-single-file -r linux-x64 --no-self-contained -p:PublishSingleFile=true
  DOTNET_ROOT=$(dirname "$(readlink -f "$(command -v dotnet)")") runs console-small-single-file "$work/console-small-single-file/console"
  publish web web-dependent --no-self-contained
  serves web-dependent dotnet web.dll
  publish web web-self-contained -r linux-x64 --self-contained
  serves web-self-contained ./web
  publish web web-single-file -r linux-x64 --self-contained -p:PublishSingleFile=true
  serves web-single-file ./web
  publish through through-a-library
  runs through-a-library dotnet "$work/through-a-library/through.dll"
  publish unit unit-tests
  [[ ! -e "$work/unit-tests/engine" ]] || die "EnclaveCopyEngine=false copies the engine"
  runs unit-tests dotnet "$work/unit-tests/unit.dll"
  publish console console-without-engine --no-self-contained -p:EnclaveCopyEngine=false
  [[ ! -e "$work/console-without-engine/engine" ]] || die "EnclaveCopyEngine=false copies the engine"
  ENCLAVE_ENGINE="$work/console-dependent/engine" runs console-without-engine dotnet "$work/console-without-engine/console.dll"
  publish console console-elsewhere -r linux-arm64 --no-self-contained -p:UseAppHost=false
  grep -q ENCLAVE001 "$work/console-elsewhere.log" || die "a program for another machine is not warned of"
  [[ ! -e "$work/console-elsewhere/engine" ]] || die "a program for another machine gets an engine"
  echo "warned as ENCLAVE001: -r linux-arm64"
  for system in win-x64 osx-arm64 linux-arm64; do
    publish portable "portable-$system" -r "$system" --no-self-contained -p:UseAppHost=false
    [[ -f "$work/portable-$system/engine-portable/Enclave.Worker.Portable.dll" ]] || die "a program for $system gets no portable engine"
  done
  refuses console ENCLAVE004 -r linux-x64 --self-contained -p:PublishSingleFile=true -p:IncludeAllContentForSelfExtract=true
fi
echo "the packages work"

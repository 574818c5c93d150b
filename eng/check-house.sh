#!/usr/bin/env bash
# Checks the rules that no analyzer knows: length of files and lines, layout of the C++, names, registry hosts, unfinished marks, and the facts that documents
# name.
#   eng/check-house.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
answer_help "$@"
cd "$root"
status=0
report() { printf '%s\n' "$*"; status=1; }

while read -r lines file; do
  report "$file has $lines lines; the limit is 400"
done < <(git ls-files '*.cs' '*.cc' '*.h' '*.js' '*.mjs' '*.sh' enclave | grep -v '\.g\.cs$' | xargs -d '\n' wc -l | awk '$1 > 400 && $2 != "total"')

# Tests with JSON Lines, and generated files.
long_lines='^tests/Enclave\.Cli\.Tests/(BatchTests|BatchFieldTests)\.cs$|\.g\.cs$'
while read -r line; do
  report "${line%%:*}:$(cut -d: -f2 <<<"$line"): the line is longer than 160 columns"
done < <(git ls-files '*.cs' '*.ts' '*.js' '*.mjs' '*.html' '*.css' '*.cc' '*.h' '*.sh' '*.csproj' '*.props' '*.targets' enclave \
  | grep -vE "$long_lines" | LC_ALL=C.UTF-8 xargs -d '\n' grep -nE '^.{161,}' /dev/null)

while read -r file; do
  report "$file: Manager, Helper and Util say nothing about what a type does"
done < <(git ls-files 'src/*.cs' 'tests/*.cs' | grep -E '(Manager|Helper|Utils?)\.cs$' || true)

# Versions of clang-format differ in details: this one is Debian 12's.
if command -v clang-format-14 >/dev/null; then
  git ls-files '*.cc' '*.h' | grep -v '\.g\.h$' | xargs clang-format-14 --dry-run --Werror || report "clang-format-14 -i writes the files above in another way"
else
  say "clang-format-14 is missing, and the layout of the C++ is not checked: sudo apt-get install -y clang-format-14"
fi

# Lock files and settings are the same on every machine: no registry's host is named in them, or anywhere.
hosts='registry\.npm''js|npm''mirror|api\.nuget''\.org|deb\.debian''\.org|jfrog|artifactory'
if git grep -nIE "$hosts" -- . ':!eng/check-house.sh'; then report "a registry's host is named in the lines above"; fi
if git grep -nE '"resolved": *"http' -- '*package-lock.json'; then report "a lock file names where it was resolved"; fi
# The page about porting names it, and the others link to that page.
if git grep -nIi 'documented product' -- src docs eng/packages ':!docs/porting.md' ':!src/Enclave.Worker/native'; then
  report "write: the JavaScript product, with a link to docs/porting.md"
fi
if git grep -nE 'NotImplementedException|\b(TODO|FIXME|HACK)\b' -- '*.cs' '*.cc' '*.js' '*.mjs'; then report "unfinished work in the lines above"; fi
if git grep -nE 'Thread\.Sleep\(' -- 'src/*.cs' 'tests/*.cs'; then report "a sleep in the lines above"; fi
node=$(command -v "$engine/node" || command -v node) || fail "missing: node, which ./enclave installs"
"$node" --test --test-reporter=dot eng/check-documents.test.mjs eng/test-inputs.test.mjs || status=1
"$node" eng/check-documents.mjs || status=1
while read -r file; do
  grep -q 'answer_help' "$file" || report "$file does not answer --help"
done < <(git ls-files 'eng/*.sh' 'deploy/*.sh' 'benchmarks/*.sh' | grep -E '^[a-z]+/[a-z-]+\.sh$' \
  | grep -vE '/(common|setup|tests|cluster|engine-release)\.sh$')
# Builds with sanitizers have no checkpoint. What they lack is missed only when their worker starts, in the full run.
for part in checkpoint memory_reserve written_pages; do
  while read -r name; do
    grep -q "$part::$name(" tests/native/no_reset.cc || report "tests/native/no_reset.cc lacks $part::$name"
  done < <(sed -nE 's/^[a-z_]+ ([A-Za-z]+)\(.*\);.*/\1/p' "src/Enclave.Worker/native/$part.h")
done
# Help never begins the work, even when its reader has gone.
while read -r file; do
  ended=0
  timeout 10 "./$file" --help >/dev/full 2>/dev/null || ended=$?
  [[ $ended != 124 ]] || report "$file begins its work when nobody reads its --help"
done < <(git grep -l '^usage()' -- '*.sh')
exit $status

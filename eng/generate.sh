#!/usr/bin/env bash
# Writes the files that follow from others: the syntax tree's classes from Ast/tree.txt, the Unicode tables from npm's Unicode data, and the numbers that
# host and worker share from protocol.txt.
#   eng/generate.sh           writes them
#   eng/generate.sh --check   fails if that changed one of them
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/setup.sh"
answer_help "$@"

generated() { find "$root/src" -name '*.g.*' -not -path '*/obj/*' -print0 | sort -z | xargs -0 sha256sum; }

install_engine
before=$(generated)
"$engine/node" "$root/eng/generate-tree.mjs"
# The Unicode tables need packages of npm: they are written again only when they, their generator or its packages are not those of this list.
unicode=(eng/generate-unicode.mjs eng/unicode/package-lock.json src/Enclave.JavaScript/Text/Unicode{Tables,Properties,Sets}.g.cs)
if ! (cd "$root" && sha256sum --check --status eng/unicode/generated.sha256); then
  npm_tools unicode "$root/eng/unicode"
  "$engine/node" "$root/eng/generate-unicode.mjs"
  (cd "$root" && sha256sum "${unicode[@]}" >eng/unicode/generated.sha256)
fi
"$engine/node" "$root/eng/generate-protocol.mjs"
if [[ "${1:-}" == --check && "$(generated)" != "$before" ]]; then
  fail "generated files were not what eng/generate.sh writes; they are now: build, test and commit them"
fi

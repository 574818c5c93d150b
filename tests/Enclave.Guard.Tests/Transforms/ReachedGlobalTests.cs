using System.Text.Json;
using Enclave.Guard.Options;
using Enclave.Guard.Presets;
using Enclave.Guard.Rules;
using Enclave.Guard.Tests.Rules;
using Enclave.JavaScript.Tests;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Transforms;

/// <summary>Mutated programs that the guard accepts use no global at run time that the policy does not allow.</summary>
public sealed class ReachedGlobalTests
{
    private const int Batch = 200;

    // Each program has a context whose globals record when they are read. Reads before the program starts do not count.
    private const string Harness = """
        const vm = require('vm');
        const setUp = new vm.Script(`(() => {
          const seen = new Set(), self = globalThis;
          for (const name of Object.getOwnPropertyNames(self)) {
            const own = Object.getOwnPropertyDescriptor(self, name);
            if (!own.configurable || !('value' in own)) continue;
            const value = own.value;
            Object.defineProperty(self, name, { configurable: true, get() { seen.add(name); return value }, set() { seen.add(name) } });
          }
          return seen;
        })()`);
        process.on('unhandledRejection', () => {});
        const out = [];
        for (const code of JSON.parse(input)) {
          const given = { console: { log() {}, warn() {}, error() {}, info() {} }, callTool: async () => 1, parallel: async () => [] };
          const context = vm.createContext(given, { microtaskMode: 'afterEvaluate', codeGeneration: { strings: false, wasm: false } });
          const seen = setUp.runInContext(context);
          try {
            const body = `async function () { "use strict"; ${code}\n}`;
            const make = `(function (__ag_limit, __ag_key, __ag_each, __ag_total) { let __ag_n = 0; return ${body}; })`;
            const text = `${make}(() => { throw 0 }, (k) => k, 1000, 10000)().catch(() => {});`;
            new vm.Script(text).runInContext(context, { timeout: 500 });
          } catch (e) {
            if (e instanceof SyntaxError) seen.add(`SyntaxError: ${e.message}`);
          }
          out.push([...seen]);
        }
        console.log(JSON.stringify(out));
        """;

    [Fact]
    public async Task Accepted_programs_touch_allowed_globals_only()
    {
        GuardPolicy policy = GuardPolicies.For(GuardPreset.AgentScript, GuardLevel.Standard);
        List<(string Source, string Text)> accepted = [.. Accepted(TestSize.Of(400, 100_000))];
        List<string> wrong = [];
        int touched = 0;
        foreach ((string Source, string Text)[] batch in accepted.Chunk(Batch))
        {
            using var answer = JsonDocument.Parse(await PinnedNode.Run(Harness, JsonSerializer.Serialize(batch.Select((one) => one.Text))));
            foreach ((JsonElement seen, (string source, string _)) in answer.RootElement.EnumerateArray().Zip(batch))
            {
                string[] names = [.. seen.EnumerateArray().Select((name) => name.GetString()!)];
                touched += names.Length;
                string[] others = [.. names.Where((name) => !policy.AllowedGlobals.Contains(name))];
                if (others.Length > 0) wrong.Add($"{string.Join(',', others)}: {source}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {accepted.Count}\n{string.Join('\n', wrong.Take(10))}");
        Assert.True(touched > accepted.Count / 4, "the programs touch globals at all");
    }

    private static IEnumerable<(string Source, string Text)> Accepted(int count)
    {
        string[] pieces = [.. Directory.GetFiles(RuleTable.Folder, "*.txt").Order(StringComparer.Ordinal)
            .SelectMany((file) => RuleTable.Read(Path.GetFileNameWithoutExtension(file))).Select((row) => row.Code)];
        ScriptGuard guard = Transformed.Guard(GuardLevel.Standard, StaticChecks.On);
        var random = new Random(31_337);
        while (count > 0)
        {
            string source = Mutant(pieces, random);
            if (guard.Examine(source, []).Script is not { } script) continue;
            count--;
            yield return (source, script.Code);
        }
    }

    private static string Mutant(string[] pieces, Random random)
    {
        string one = pieces[random.Next(pieces.Length)], other = pieces[random.Next(pieces.Length)];
        int at = random.Next(one.Length + 1), from = random.Next(other.Length + 1), length = random.Next(other.Length - from + 1);
        return random.Next(6) switch
        {
            0 => one,
            1 => $"{one[..at]}{other[from..(from + length)]}{one[at..]}",
            2 => $"{{ {one}\n}} {{ {other}\n}}",
            3 => $"const w = async (p = ({other}\n)) => {{ {one}\n}}; await w()",
            4 => $"for (const z of [1]) {{ {one.Replace("return", "void", StringComparison.Ordinal)}\n}} ({other}\n)",
            _ => one.Remove(at, Math.Min(random.Next(4), one.Length - at)),
        };
    }
}

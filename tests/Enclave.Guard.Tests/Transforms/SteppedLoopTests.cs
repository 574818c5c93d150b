using System.Globalization;
using System.Text.Json;
using Enclave.JavaScript.Tests;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Transforms;

/// <summary>Loops whose variable tells their rounds, against the same loops with a counter: same values, same counts, stopped at the same place.</summary>
public sealed class SteppedLoopTests
{
    // Enough for node to answer well within its deadline.
    private const int Batch = 1_000;

    // The worker's limit ends the run: what a program does after the first call of it is not compared.
    private const string Harness = """
        async function run([code, each, total]) {
          let stopped = null;
          const log = [];
          const limit = (count, where) => { stopped ??= [count, where, log.join()]; throw new RangeError('limit'); };
          let outcome, read;
          try {
            const body = `async function () { "use strict"; ${code}\n}`;
            const made = (0, eval)(`(function (__ag_limit, __ag_each, __ag_total, log) { let __ag_n = 0; return [() => __ag_n, ${body}]; })`);
            const [count, program] = made(limit, each, total, log);
            read = count;
            outcome = String(await program());
          } catch (e) {
            outcome = `threw ${e?.name ?? e} ${e instanceof SyntaxError ? e.message : ''}`;
          }
          return JSON.stringify(stopped ?? [outcome, read?.(), log.join()]);
        }
        (async () => {
          const out = [];
          for (const one of JSON.parse(input)) out.push(await run(one));
          console.log(JSON.stringify(out));
        })();
        """;

    [Fact]
    public async Task Rounds_are_the_same_as_with_a_counter()
    {
        var random = new Random(7_411);
        Case[] cases = [.. Enumerable.Range(0, TestSize.Of(800, 50_000)).Select((_) => Case.Make(random))];

        List<string> stepped = await Run(cases, (one) => one.Stepped), counted = await Run(cases, (one) => one.Counted);

        for (int i = 0; i < cases.Length; i++)
        {
            Assert.Contains("__ag_b1", Transformed.Text(cases[i].Stepped));
            Assert.DoesNotContain("__ag_b", Transformed.Text(cases[i].Counted));
            Assert.DoesNotContain("SyntaxError", stepped[i]);
            Assert.True(stepped[i] == counted[i], $"{cases[i]}\n{Transformed.Text(cases[i].Stepped)}\nstepped {stepped[i]}\ncounted {counted[i]}");
        }

        int ends = stepped.Count((one) => one[1] == '"');
        Assert.InRange(ends, cases.Length / 4, cases.Length * 3 / 4);
    }

    private static async Task<List<string>> Run(Case[] cases, Func<Case, string> text)
    {
        List<string> all = [];
        foreach (Case[] batch in cases.Chunk(Batch))
        {
            var programs = batch.Select((one) => new object[] { Transformed.Text(text(one)), one.Each, one.Total });
            all.AddRange(JsonSerializer.Deserialize<string[]>(await PinnedNode.Run(Harness, JsonSerializer.Serialize(programs)))!);
        }

        return all;
    }

    /// <summary>A program, once with loops as people write them, and once with a second variable in each loop, which makes the transform count.</summary>
    /// <param name="Stepped">The first form. All places are the same in both.</param>
    /// <param name="Counted">The second form.</param>
    /// <param name="Each">The first round of a loop that is too many.</param>
    /// <param name="Total">Most rounds of the whole program.</param>
    private sealed record Case(string Stepped, string Counted, int Each, int Total)
    {
        public static Case Make(Random random)
        {
            string text = new Maker(random).Next();
            return new(text.Replace("@@@@@", "     ", StringComparison.Ordinal), text.Replace("@@@@@", ",zz=0", StringComparison.Ordinal),
                random.Next(4) == 0 ? (1 << 30) + 1 : random.Next(1, 20), random.Next(4) == 0 ? random.Next(60) : 1_000_000);
        }
    }

    private sealed class Maker(Random random)
    {
        private int _loops;

        public string Next() => $"{Loop([], [])} {Statement(2, [], [])} return log.length;";

        private string Statement(int depth, string[] variables, string[] labels)
        {
            if (depth == 0) return Leaf(variables, labels);
            return random.Next(12) switch
            {
                0 or 1 or 2 or 3 => Loop(variables, labels, depth - 1),
                4 => $"try {{ {Statement(depth - 1, variables, labels)} if ({Sometimes()}) throw 1; }} catch {{ log.push('c'); }} " +
                    $"finally {{ {Leaf(variables, [])} }}",
                5 => $"await (async () => {{ {Loop([], [], depth - 1)} }})();",
                6 => $"for (const x of (function* () {{ {Loop([], [], depth - 1, "yield log.length;")} }})()) {{ if ({Sometimes()}) break; log.push(x); }}",
                7 => $"(() => {{ {Loop([], [], depth - 1, $"if ({Sometimes()}) return;")} }})();",
                8 => $"{{ {Statement(depth - 1, variables, labels)} {Leaf(variables, labels)} }}",
                9 => $"if ({Sometimes()}) {Loop(variables, labels, depth - 1)} else {Leaf(variables, labels)}",
                _ => Leaf(variables, labels),
            };
        }

        private string Loop(string[] variables, string[] labels, int depth = 2, string first = "")
        {
            int number = ++_loops;
            string name = $"i{number}", label = $"l{number}";
            string start = Value(variables, "0", "0", "1", "2", "7"), end = random.Next(25).ToString(CultureInfo.InvariantCulture);
            string update = random.Next(3) switch { 0 => $"{name}++", 1 => $"++{name}", _ => $"{name} += {Value([], "1", "2", "3", "1073741824")}" };
            string body = $"{first} {Statement(depth, [.. variables, name], [.. labels, label])} {Statement(depth, [.. variables, name], [.. labels, label])}";
            string prefix = random.Next(2) == 0 ? $"m{number}: {label}" : label;
            return $"{prefix}: for (let {name} = {start}@@@@@; {name} {Pick("<", "<=")} {end}; {update}) {{ {body} }}";
        }

        private string Leaf(string[] variables, string[] labels)
        {
            if (labels.Length > 0 && random.Next(3) == 0) return $"if ({Sometimes()}) {Pick("continue", "break")} {Pick(labels)};";
            return variables.Length > 0 ? $"log.push({Pick(variables)});" : "log.push('x');";
        }

        private string Value(string[] variables, params string[] numbers)
        {
            if (variables.Length == 0 || random.Next(2) == 0) return Pick(numbers);
            string name = Pick(variables);
            return random.Next(4) switch { 0 => name, 1 => $"{name} * 2", 2 => $"{name} + 1", _ => $"{name} - {Pick(variables)}" };
        }

        private string Sometimes() => $"log.length % {random.Next(2, 7)} === 0";

        private string Pick(params string[] all) => all[random.Next(all.Length)];
    }
}

using System.Text.Json;
using Enclave.Cli.Parse.Estree;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Parsing;
using Enclave.JavaScript.Tests.Scopes;
using Enclave.JavaScript.Text;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Estree;

/// <summary>The output of JSON.stringify for acorn's trees and for numbers, byte for byte.</summary>
public sealed class AcornTests
{
    [Fact]
    public async Task Trees_are_written_alike()
    {
        EslintScope.SkipIfMissing();
        var programs = new List<Request>();
        string[] files = Directory.GetFiles(Path.Combine(EslintScope.Installed, "node_modules"), "*.*js", SearchOption.AllDirectories);
        foreach (string file in files) Add(programs, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        for (int seed = 0; seed < TestSize.Of(500, 5_000); seed++) Add(programs, new ProgramGenerator(seed, SourceGoal.Script).Make());
        // For each of these JSON has a form that is easy to miss.
        Add(programs, "'\\ud800\u2028\\0\"'; 1e21; 1e999; 0x10n; 1_0n; /[/]\\//dgimsuy; `\\u{1F600}\r\n${a}\\``; t`\\u`; \\u0061; var \ud842\udfb7; " +
            "'use strict'");
        Assert.StartsWith("'\\ud800", programs[^1].source, StringComparison.Ordinal);

        string acorn = JsonSerializer.Serialize(Path.Combine(EslintScope.Installed, "node_modules", "acorn"));
        string answer = await PinnedNode.Run(
            $$"""
            const acorn = require({{acorn}});
            for (const { source, sourceType } of JSON.parse(input)) {
              const tree = acorn.parse(source, { ecmaVersion: 'latest', sourceType, locations: true });
              console.log(JSON.stringify(tree, (_, value) => typeof value === 'bigint' ? null : value));
            }
            """,
            JsonSerializer.Serialize(programs));

        string[] theirs = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(programs.Count, theirs.Length);
        Assert.All(programs.Zip(theirs), (pair) => Assert.Equal(pair.Second, Write(pair.First)));
    }

    [Fact]
    public async Task Numbers_are_written_alike()
    {
        var random = new Random(1);
        double[] numbers = [.. Enumerable.Range(0, TestSize.Of(20_000, 200_000)).Select((i) => Make(random, i)).Where(double.IsFinite)];

        // The bits as decimal text, so that no JSON number is involved.
        string answer = await PinnedNode.Run(
            "const bits = new BigUint64Array(1), number = new Float64Array(bits.buffer); for (const text of input.split(' ')) { bits[0] = BigInt(text); " +
            "console.log(String(number[0])); }",
            string.Join(' ', numbers.Select(BitConverter.DoubleToUInt64Bits)));

        Assert.Equal(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries), numbers.Select(NumberText.Of));
    }

    private static double Make(Random random, int i) => (i % 4) switch
    {
        0 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        1 => Math.Round(random.NextDouble() * 1e6) / 1e3,
        2 => Math.Pow(10, random.Next(-30, 30)) * random.Next(1, 1000),
        _ => random.NextInt64(1L << 62) * (random.Next(2) == 0 ? 1 : 1e-12),
    };

    private static void Add(List<Request> programs, string source)
    {
        foreach (SourceGoal goal in (SourceGoal[])[SourceGoal.Script, SourceGoal.Module])
        {
            if (!Parser.Parse(source, new ParserOptions { Goal = goal }).Success) continue;
            programs.Add(new Request(source, goal == SourceGoal.Module ? "module" : "script"));
            return;
        }
    }

    private static string Write(Request request)
    {
        var options = new ParserOptions { Goal = request.sourceType == "module" ? SourceGoal.Module : SourceGoal.Script };
        return EstreeWriter.Write(Parser.Parse(request.source, options).Program!, request.source, EstreePositions.Lines);
    }

    // The names are those of the JSON.
    private sealed record Request(string source, string sourceType);
}

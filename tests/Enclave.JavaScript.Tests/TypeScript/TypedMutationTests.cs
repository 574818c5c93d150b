using System.Text;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.TypeScript;

/// <summary>Typed programs with a few changed tokens: the compiler and we agree on each, or the list names the reason.</summary>
public sealed class TypedMutationTests(ITestOutputHelper output)
{
    private const int Shown = 40;

    [Fact]
    public void The_compiler_and_we_say_the_same_of_mutated_programs()
    {
        Compiler.SkipIfMissing();
        int count = Setting("ENCLAVE_MUTATIONS", TestSize.Of(2_000, 200_000)), from = Setting("ENCLAVE_MUTATION_FROM", 0);
        var unexplained = new List<Finding>();
        var explained = new Dictionary<CompilerDeviation, int>();
        int accepted = 0, troubles = 0;
        foreach ((_, string source, CompilerAnswer answer) in Compiler.Mutations(Setting("ENCLAVE_MUTATION_SEED", 1), from, from + count))
        {
            if (answer.IsTrouble) troubles++;
            else if (answer.Error is null) accepted++;
            if (Comparison.Of(source, answer) is not { } found) continue;
            if (CompilerDeviation.Of(found) is { } deviation) explained[deviation] = explained.GetValueOrDefault(deviation) + 1;
            else unexplained.Add(found);
        }

        output.WriteLine($"{count} mutations: {accepted} accepted, {unexplained.Count} differences, {troubles} without a verdict of the compiler's");
        Assert.True(troubles * 100 < count, $"the compiler had no verdict {troubles} times");
        foreach ((CompilerDeviation deviation, int times) in explained.OrderByDescending((pair) => pair.Value))
            output.WriteLine($"{times} times {deviation.What}");
        Assert.True(unexplained.Count == 0, Report(unexplained));
    }

    [Fact]
    public void Every_listed_deviation_is_one()
    {
        Compiler.SkipIfMissing();
        Assert.All(CompilerDeviation.All, (deviation) =>
        {
            Finding? found = Comparison.Of(deviation.Example, Compiler.JudgeText(deviation.Example));
            Assert.True(found is not null && CompilerDeviation.Of(found) == deviation,
                $"{deviation.What}: the compiler and we agree over {deviation.Example}, or another entry explains it");
        });
    }

    /// <summary>The shortest example of each cause, the most frequent first.</summary>
    private static string Report(List<Finding> found)
    {
        var report = new StringBuilder($"{found.Count} differences\n");
        foreach (IGrouping<string, Finding> cause in found.GroupBy((each) => each.Cause).OrderByDescending((group) => group.Count()).Take(Shown))
        {
            report.Append($"{cause.Count()} times {cause.MinBy((each) => each.Source.Length)}\n");
        }

        return report.ToString();
    }

    // Settings for repeating one mutation, or for running others than the usual ones.
    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;
}

using System.Text;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Tests.Corpus;
using Enclave.Tests;

namespace Enclave.JavaScript.Tests.Differential;

/// <summary>Programs with a few changed tokens: acorn and we accept the same ones, with the same tree.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Shown = 40;

    [Fact]
    public void Acorn_and_we_say_the_same_of_mutated_programs()
    {
        Installed.SkipIfMissing();
        int count = TestSize.Of(20_000, 500_000), seed = Setting("ENCLAVE_MUTATION_SEED", 1), from = Setting("ENCLAVE_MUTATION_FROM", 0);
        count = Setting("ENCLAVE_MUTATIONS", count);
        var unexplained = new List<Disagreement>();
        int troubles = 0, accepted = 0;
        var explained = new Dictionary<AcornDeviation, int>();
        foreach (Mutation mutation in Acorn.Mutations(seed, from, from + count))
        {
            foreach (SourceGoal goal in new[] { SourceGoal.Script, SourceGoal.Module })
            {
                AcornVerdict acorn = mutation.As(goal);
                if (acorn.IsTrouble) troubles++;
                if (acorn.Accepts) accepted++;
                if (Compare(mutation.Source, goal, acorn) is not { } found) continue;
                if (AcornDeviation.Of(found) is { } deviation) explained[deviation] = explained.GetValueOrDefault(deviation) + 1;
                else unexplained.Add(found);
            }
        }

        output.WriteLine($"{count} mutations with two goals: {accepted} accepted, {unexplained.Count} disagreements, {troubles} without a verdict of acorn's");
        foreach ((AcornDeviation deviation, int times) in explained) output.WriteLine($"{times} times {deviation.What} ({deviation.Clause})");
        Assert.True(troubles * 100 < count, $"acorn had no verdict {troubles} times");
        Assert.True(unexplained.Count == 0, Report(unexplained));
    }

    [Fact]
    public void Every_listed_deviation_of_acorn_is_one()
    {
        Installed.SkipIfMissing();
        using var acorn = new AcornSession();
        Assert.All(AcornDeviation.All, (deviation) =>
        {
            Disagreement? found = acorn.Compare(deviation.Example, SourceGoal.Script);
            Assert.True(found is not null && AcornDeviation.Of(found) == deviation,
                $"{deviation.What}: acorn and we agree over {deviation.Example}, or another entry explains it");
        });
    }

    private static Disagreement? Compare(string source, SourceGoal goal, AcornVerdict acorn)
    {
        try
        {
            return Disagreement.Between(source, goal, acorn, Ours.Parse(source, goal));
        }
        catch (Exception exception)
        {
            return Disagreement.Thrown(source, goal, exception);
        }
    }

    /// <summary>One short example of each cause, the most frequent first.</summary>
    private static string Report(List<Disagreement> found)
    {
        var report = new StringBuilder($"{found.Count} disagreements\n");
        using var acorn = new AcornSession();
        foreach (IGrouping<string, Disagreement> cause in found.GroupBy((each) => each.Cause).OrderByDescending((group) => group.Count()).Take(Shown))
        {
            report.Append($"{cause.Count()} times {acorn.Shrink(cause.MinBy((each) => each.Source.Length)!)}\n");
        }

        return report.ToString();
    }

    // Settings for repeating one mutation, or for running others than the usual ones.
    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;
}

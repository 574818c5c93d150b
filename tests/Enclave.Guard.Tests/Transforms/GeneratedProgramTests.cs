using Enclave.Tests;

namespace Enclave.Guard.Tests.Transforms;

/// <summary>Generated programs, transformed and not, in the pinned node.</summary>
public sealed class GeneratedProgramTests
{
    private static readonly string[] s_plain = ["x", "y", "con", "z", "", "0"];
    private static readonly string[] s_hostile = ["constructor", "__proto__", "prototype", "constructo", "__prot", "o__", "x", ""];

    [Fact]
    public async Task Transformed_programs_do_what_they_did()
    {
        var maker = new ProgramMaker(new Random(4_217), s_plain);
        string[] sources = [.. Enumerable.Range(0, TestSize.Of(500, 20_000)).Select((_) => maker.Next())];

        var before = await NodeRuns.Run(sources);
        var after = await NodeRuns.Run(sources.Select((source) => Transformed.Text(source)));

        for (int i = 0; i < sources.Length; i++)
        {
            Assert.False(before[i].Outcome.StartsWith("threw SyntaxError", StringComparison.Ordinal), $"{before[i].Outcome}: {sources[i]}");
            Assert.True(
                before[i].Outcome == after[i].Outcome, $"{sources[i]}\n{Transformed.Text(sources[i])}\nbefore {before[i].Outcome}\nafter  {after[i].Outcome}");
        }

        Assert.True(before.Count((run) => run.Outcome[0] == '[') > sources.Length / 4, "many programs end with a value");
    }

    [Fact]
    public async Task No_key_that_is_left_alone_ever_is_a_dangerous_name()
    {
        var maker = new ProgramMaker(new Random(9_041), s_hostile);
        string[] sources = [.. Enumerable.Range(0, TestSize.Of(2_000, 40_000)).Select((_) => maker.Next())];

        var runs = await NodeRuns.Run(sources.Select(FreeKeys.Watched));

        for (int i = 0; i < sources.Length; i++)
        {
            Assert.False(runs[i].Outcome.StartsWith("threw SyntaxError", StringComparison.Ordinal), $"{runs[i].Outcome}: {sources[i]}");
            Assert.True(runs[i].Missed == 0, $"{sources[i]}\n{FreeKeys.Watched(sources[i])}");
        }
    }
}

using Enclave.Guard;

namespace Enclave.Host.Tests.Tools.Calls;

/// <summary>Working programs with one wrong call each: nearly all are found before the run. The programs themselves are never refused.</summary>
public sealed class ToolCallMutationTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nine_of_ten_wrong_calls_are_found_before_the_run()
    {
        await using EnclaveHost host = Open();
        var counts = new SortedDictionary<string, (int Found, int All)>(StringComparer.Ordinal);
        List<string> missed = [];
        foreach (CallProgram program in CallPrograms.All())
        {
            string[] before = [.. Issues(host, program, program.Code)];
            foreach (CallMutant mutant in CallMutations.Of(program))
            {
                bool isFound = Issues(host, program, mutant.Code).Except(before, StringComparer.Ordinal).Any();
                (int found, int all) = counts.GetValueOrDefault(mutant.Kind);
                counts[mutant.Kind] = (isFound ? found + 1 : found, all + 1);
                if (!isFound) missed.Add($"{program.Name}: {mutant.Kind}\n{mutant.Code}");
            }
        }

        (int allFound, int total) = (counts.Values.Sum((count) => count.Found), counts.Values.Sum((count) => count.All));
        output.WriteLine($"{allFound} of {total} found ({100.0 * allFound / total:0.0} %)");
        foreach ((string kind, (int found, int all)) in counts) output.WriteLine($"  {kind}: {found} of {all} ({100.0 * found / all:0.0} %)");
        output.WriteLine(string.Join("\n----\n", missed));
        Assert.All(counts, (kind) => Assert.True(kind.Value.Found >= 0.85 * kind.Value.All, $"{kind.Key}: {kind.Value.Found} of {kind.Value.All}"));
        Assert.True(total >= (CallPrograms.HasRecorded ? 2_000 : 1_000), $"{total} mutants");
        Assert.True(allFound >= 0.9 * total, $"{allFound} of {total} found");
        Assert.Equal(5, counts.Count);
    }

    [Fact]
    public async Task No_working_program_is_refused()
    {
        await using EnclaveHost host = Open();
        CallProgram[] programs = [.. CallPrograms.All()];

        string[] refused = [.. programs.SelectMany((program) => Verdict(host, program, program.Code).Issues
            .Where((issue) => issue.Severity == IssueSeverity.Error).Select((issue) => $"{program.Name}: {issue.Code} {issue.Message}"))];
        string[] warned = [.. programs.SelectMany((program) => Issues(host, program, program.Code).Select((issue) => $"{program.Name}: {issue}"))];

        output.WriteLine($"{programs.Length} programs, {refused.Length} refused, {warned.Length} warnings\n{string.Join('\n', warned)}");
        Assert.Empty(refused);
        Assert.True(programs.Length >= (CallPrograms.HasRecorded ? 100 : 60), $"{programs.Length} programs");
    }

    private static IEnumerable<string> Issues(EnclaveHost host, CallProgram program, string code) => Verdict(host, program, code).Issues
        .Where((issue) => issue.Code.StartsWith("TOOL_", StringComparison.Ordinal)).Select((issue) => $"{issue.Code} {issue.Message}");

    private static ValidationResult Verdict(EnclaveHost host, CallProgram program, string code) =>
        host.Validate(code, new RunOptions { Language = program.Language, Tools = program.Tools });

    private static EnclaveHost Open() => new(new EnclaveOptions { SecurityLevel = SecurityLevel.Permissive, Preset = GuardPreset.JavaScript });
}

using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The rules of one run, beside those of its host.</summary>
public sealed class RunPresetTests
{
    private const string Whole = "function f(n) { let i = 0; while (i < n) i++; return i } return f(3)";

    [Fact]
    public async Task A_run_has_rules_of_its_own()
    {
        await using var host = new EnclaveHost();

        ExecutionResult own = await Run(host, Whole), given = await Run(host, Whole, new RunOptions { Preset = GuardPreset.JavaScript });
        ExecutionResult again = await Run(host, Whole), strict = await Run(host, "return new Map().size", new RunOptions { Preset = GuardPreset.Strict });

        Assert.Equal((ErrorCode.ValidationError, 3, ErrorCode.ValidationError), (own.Error?.Code, given.Value.AsInt32(), again.Error?.Code));
        Assert.Equal(host.Validate(Whole, new RunOptions { Preset = GuardPreset.JavaScript }).Valid, given.Success);
        Assert.False(host.Validate(Whole).Valid);
        Assert.Equal(host.Validate("return new Map().size", new RunOptions { Preset = GuardPreset.Strict }).Valid, strict.Success);
    }

    [Fact]
    public async Task What_only_the_dialect_refuses_is_told_with_the_rules_that_accept_it()
    {
        await using var host = new EnclaveHost();

        ExecutionError dialect = (await Run(host, Whole)).Error!, never = (await Run(host, "return eval('1')")).Error!;

        Assert.Equal("javascript", dialect.Data!["acceptedBy"]);
        Assert.Contains("The rules javascript (Preset) accept it", dialect.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("acceptedBy", never.Data!.Keys);
        Assert.DoesNotContain("Preset", never.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GuardPreset.AgentScript, null, "a loop in line 1 made more than 10000 iterations (MaxIterations)")]
    [InlineData(GuardPreset.JavaScript, null, null)]
    [InlineData(GuardPreset.JavaScript, 10_000, "a loop in line 1 made more than 10000 iterations (MaxIterations)")]
    public async Task One_loop_of_the_whole_language_goes_round_as_often_as_all_of_the_dialect(GuardPreset preset, int? most, string? refusal)
    {
        await using var host = new EnclaveHost();

        ExecutionResult result = await Run(
            host, "let n = 0; for (const i of Array.from({ length: 100000 })) n++; return n", new RunOptions { Preset = preset, MaxIterations = most });

        Assert.Equal(refusal is null, result.Success);
        Assert.StartsWith(refusal ?? "", result.Error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_is_replayed_with_its_rules()
    {
        await using var host = new EnclaveHost();
        ExecutionResult recorded = await Run(host, Whole, new RunOptions { Preset = GuardPreset.JavaScript, Record = true });

        ReplayReport report = await Within.Deadline(host.ReplayAsync(recorded.Recording!, TestContext.Current.CancellationToken), "replay");

        Assert.True(report.Matches, $"{report.Difference}");
        Assert.Equal(3, report.Result.Value.AsInt32());
        Assert.Empty(report.Warnings);
    }

    private static Task<ExecutionResult> Run(EnclaveHost host, string code, RunOptions? options = null) =>
        Within.Deadline(host.RunAsync(code, options, TestContext.Current.CancellationToken), "answer");
}

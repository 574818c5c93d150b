using System.Text.Json;
using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Limits;

/// <summary><c>limits.remaining()</c> for scripts that may know what they have left.</summary>
public sealed class LimitsGlobalTests
{
    private static readonly RunOptions s_shows = new() { ShowsLimits = true, MaxToolCalls = 5, Timeout = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task A_script_learns_what_it_has_left_at_each_level(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using var host = new EnclaveHost(
            new EnclaveOptions { SecurityLevel = level, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() });

        ExecutionResult result = await host.RunAsync(
            "const first = await limits.remaining(); const second = await limits.remaining(); return [first, second]", s_shows);

        Assert.True(result.Success, result.Error?.Message);
        JsonElement left = JsonDocument.Parse(result.Value.ToJsonString()).RootElement;
        Assert.Equal([4, 3], left.EnumerateArray().Select((one) => one.GetProperty("calls").GetInt32()));
        Assert.All(left.EnumerateArray(), (one) => Assert.InRange(one.GetProperty("time").GetDouble(), 1, 20_000));
        Assert.Equal("{}", left[0].GetProperty("quotas").GetRawText());
        Assert.Equal(2, result.Stats.ToolCallCount);
    }

    [Theory]
    [InlineData(GuardPreset.Strict)]
    [InlineData(GuardPreset.Secure)]
    [InlineData(GuardPreset.Standard)]
    [InlineData(GuardPreset.Permissive)]
    [InlineData(GuardPreset.AgentScript)]
    [InlineData(GuardPreset.JavaScript)]
    public async Task Every_preset_knows_the_global_where_the_run_has_it(GuardPreset preset)
    {
        await using var host = new EnclaveHost();
        const string Code = "const left = await limits.remaining(); return left.calls";

        Assert.True(host.Validate(Code, s_shows with { Preset = preset }).Valid);
        ExecutionResult shown = await host.RunAsync(Code, s_shows with { Preset = preset }), other = await host.RunAsync(Code, new() { Preset = preset });

        Assert.Equal(4, shown.Value.AsInt32());
        Assert.False(other.Success);
    }

    [Fact]
    public async Task A_run_that_may_not_know_is_told_how_it_could()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { Preset = GuardPreset.JavaScript });

        ExecutionResult result = await host.RunAsync(
            "try { await callTool('enclave:remaining', {}); return 'told' } catch (error) { return `${error.code}: ${error.message}` }");

        Assert.StartsWith("TOOL_NOT_ALLOWED: limits.remaining needs a run that may know", result.Value.AsString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clock_of_the_run_and_its_calls_go_down_and_an_answer_is_repeated_in_a_replay()
    {
        await using var host = new EnclaveHost();
        ExecutionResult result = await host.RunAsync(
            "await callTool('echo', { n: 1 }); return (await limits.remaining()).calls",
            s_shows with { Record = true, Tools = new ToolCollection().Add("echo", (int n) => n) });
        ReplayReport again = await Within.Deadline(host.ReplayAsync(result.Recording!), "replay");

        Assert.Equal((3, 3), (result.Value.AsInt32(), again.Result.Value.AsInt32()));
    }
}

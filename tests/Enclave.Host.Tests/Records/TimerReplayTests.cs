using Enclave.Outcomes;
using Enclave.Tests;

namespace Enclave.Host.Tests.Records;

/// <summary>Timers and random bytes of recorded runs.</summary>
public sealed class TimerReplayTests : IAsyncLifetime
{
    private static readonly RunOptions s_recorded = new() { Record = true };

    private readonly EnclaveHost _host = new(new EnclaveOptions { ToolHandler = RepeatablePrograms.Answer }.WithoutGuard());
    private readonly EnclaveHost _replayer = new(new EnclaveOptions().WithoutGuard());

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _replayer.DisposeAsync();
    }

    [Fact]
    public async Task Random_programs_with_timers_do_the_same_again()
    {
        var programs = new RepeatablePrograms(new Random(20261126)) { Timers = ["setTimeout", "setInterval", "setImmediate"] };
        int timers = 0;
        for (int i = 0; i < TestSize.Of(100, 1000); i++)
        {
            string code = programs.Next();
            ExecutionRecording recording = (await Within.Deadline(_host.RunAsync(code, s_recorded), code)).Recording!;

            ReplayReport report = await Within.Deadline(_replayer.ReplayAsync(ExecutionRecording.Parse(recording.ToJsonString())), code);

            Assert.True(report.Matches, $"program {i}: {report.Difference}\n{code}\n{recording.ToJsonString()}");
            timers += recording.Events.Count(TimerCall.Is);
        }

        // Otherwise the programs prove nothing.
        Assert.True(timers > TestSize.Of(100, 1000), $"{timers} answers for timers");
    }

    [Fact]
    public async Task Timers_count_as_no_tool_calls_and_a_replay_does_not_wait_for_them()
    {
        ExecutionResult result = await _host.RunAsync(
            "const begin = Date.now(); for (let i = 0; i < 10; i++) await new Promise((done) => setTimeout(done, 100)); return Date.now() - begin >= 1000",
            s_recorded with { MaxToolCalls = 1 });
        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal((0, 0), (result.Stats.ToolCallCount, result.Recording!.ToolCallCount));

        ReplayReport report = await _replayer.ReplayAsync(result.Recording);

        Assert.True(report.Matches, $"{report.Difference}");
        Assert.True(report.Result.Stats.Duration < TimeSpan.FromMilliseconds(900), $"{report.Result.Stats.Duration}");
    }

    [Fact]
    public async Task A_run_that_ended_at_its_time_limit_ends_so_again()
    {
        ExecutionResult result = await _host.RunAsync(
            "const f = () => setTimeout(f, 0); f(); await new Promise(() => {})", s_recorded with { Timeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(ErrorCode.Timeout, result.Error?.Code);

        ReplayReport report = await _replayer.ReplayAsync(result.Recording!);

        Assert.True(report.Matches, $"{report.Difference}");
    }

    [Fact]
    public async Task Random_bytes_come_again_and_follow_neither_from_the_seed_nor_from_each_other()
    {
        const string Code = "return [Math.random(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(100))]]";
        ExecutionResult one = await _host.RunAsync(Code, s_recorded), two = await _host.RunAsync(Code, s_recorded);
        Assert.NotEqual(one.Value.Items[1].AsString(), two.Value.Items[1].AsString());

        ReplayReport same = await _replayer.ReplayAsync(ExecutionRecording.Parse(one.Recording!.ToJsonString()));
        ReplayReport other = await _replayer.ReplayAsync(one.Recording with { Secret = two.Recording!.Secret });

        Assert.True(same.Matches, $"{same.Difference}");
        Assert.Equal("$[1]", other.Difference?.Path);
        Assert.Equal(one.Value.Items[0].AsDouble(), other.Result.Value.Items[0].AsDouble());
        Assert.Equal(two.Value.Items[1].AsString(), other.Result.Value.Items[1].AsString());
    }

    [Fact]
    public async Task The_random_bytes_are_those_of_ChaCha20()
    {
        ExecutionResult result = await _host.RunAsync("return [...crypto.getRandomValues(new Uint8Array(8))]", s_recorded);

        // RFC 8439, A.1, test vector 1: the first block for a key and a nonce of zeros.
        ReplayReport zeros = await _replayer.ReplayAsync(result.Recording! with { Secret = default });

        Assert.Equal("[118,184,224,173,160,241,61,144]", zeros.Result.Value.ToJsonString());
    }

    [Fact]
    public async Task A_secret_of_another_size_is_no_recording()
    {
        ExecutionResult result = await _host.RunAsync("return 1", s_recorded);
        string json = result.Recording!.ToJsonString(), secret = Convert.ToHexStringLower(result.Recording.Secret.ToBytes());

        Assert.Throws<InvalidDataException>(() => ExecutionRecording.Parse(json.Replace(secret, secret[2..], StringComparison.Ordinal)));
        Assert.Throws<InvalidDataException>(() => ExecutionRecording.Parse(json.Replace(secret, secret + "00", StringComparison.Ordinal)));
        Assert.Throws<InvalidDataException>(() => ExecutionRecording.Parse(json.Replace(secret, "z" + secret[1..], StringComparison.Ordinal)));
    }
}

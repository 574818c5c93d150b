using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Workers with hostile native code: whatever they send, their job has the documented outcome, they die, and nobody else is affected.</summary>
public sealed class HostileWorkerTests
{
    private static readonly RunOptions s_short = new() { Timeout = TimeSpan.FromMilliseconds(300) };

    public static TheoryData<string> WrongFrames => [.. s_wrongFrames.Keys];

    private static readonly Dictionary<string, byte[]> s_wrongFrames = new()
    {
        ["result of an unknown job"] = Frames.Result(99, 1),
        ["result of job zero"] = Frames.Result(0, 1),
        ["console of an unknown job"] = Frames.Console(99, "x"),
        ["tool call of an unknown job"] = Frames.ToolCall(99, 1),
        ["tool call of another worker's job"] = Frames.ToolCall(Arena.Neighbour, 2),
        ["console of another worker's job"] = Frames.Console(Arena.Neighbour, "x"),
        ["tool calls that begin with two"] = Frames.ToolCall(Arena.Attacked, 2),
        ["tool calls that begin with zero"] = Frames.ToolCall(Arena.Attacked, 0),
        ["tool call twice"] = [.. Frames.ToolCall(Arena.Attacked, 1), .. Frames.ToolCall(Arena.Attacked, 1)],
        ["tool call that skips a number"] = [.. Frames.ToolCall(Arena.Attacked, 1), .. Frames.ToolCall(Arena.Attacked, 3)],
        ["tool without a name"] = Frames.ToolCall(Arena.Attacked, 1, ""),
        ["tool with a long name"] = Frames.ToolCall(Arena.Attacked, 1, new string('x', 257)),
        ["ready again"] = Frames.Of(new ReadyMessage(new byte[16], "14.6", "10.0", []).Write),
        ["frame type of an earlier version"] = Frames.Raw((FrameType)10, [0x91, 1]),
        ["hello to the host"] = Frames.Of(new HelloMessage(new byte[16], 1 << 20, 1 << 26, 1 << 27, []).Write),
        ["execute to the host"] = Frames.Raw(FrameType.Execute, [0x95]),
        ["tool result to the host"] = Frames.Of((frames) => ToolResultMessage.WriteValue(frames, Arena.Attacked, 1, [0xc0])),
        ["cancel to the host"] = Frames.Of(new CancelMessage(Arena.Neighbour).Write),
        ["shutdown to the host"] = Frames.Of(ShutdownMessage.Write),
        ["frame type zero"] = [0xec, 0x1a, 2, 0, 0, 0, 0, 0],
        ["deadline to the host"] = Frames.Of(new DeadlineMessage(1, 1).Write),
        ["library to the host"] = Frames.Of((frames) => LibraryMessage.Write(frames, "lib", "1")),
        ["fault of a library while a job runs"] = Frames.Of((frames) => LibraryFaultMessage.WriteStopped(frames, 0, StopReason.Cpu)),
        ["frame type sixteen"] = [0xec, 0x1a, 2, 16, 0, 0, 0, 0],
        ["frame of another version"] = [0xec, 0x1a, 1, 7, 0, 0, 0, 0],
        ["frame without magic"] = [0, 0, 1, 7, 0, 0, 0, 0],
    };

    [Theory]
    [MemberData(nameof(WrongFrames))]
    public async Task P4_A_frame_that_may_not_come_now_is_a_violation(string attack) =>
        await Arena.Send(ErrorCode.ProtocolViolation, s_wrongFrames[attack]);

    [Theory]
    [InlineData("ready-with-another-nonce")]
    [InlineData("value:before ready")]
    [InlineData("trickle:/proc/self/cmdline")]
    public async Task P4_A_worker_that_never_was_ready_gets_no_job(string lie)
    {
        await using Arena arena = await Arena.Open(["hello", lie, "read-on"]);

        // The job waits for the next worker, which is a real one.
        ExecutionResult result = await arena.Run("return 'from the next one'");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("from the next one", result.Value.AsString());
        await arena.AssertUnharmed();
    }

    [Fact]
    public async Task P4_A_fault_of_a_library_that_it_was_not_given_is_a_violation()
    {
        using var file = new BytesFile(Frames.Of((frames) => LibraryFaultMessage.WriteStopped(frames, 0, StopReason.Cpu)));
        await using Arena arena = await Arena.Open(["hello", $"send:{file.Path}", "read-on"]);

        ExecutionResult result = await arena.Run("return 'from the next one'");

        Assert.Equal("from the next one", result.Value.AsString());
        await Within.Becomes(() => arena.Recycled.Contains(RecycleReason.Violation), "its end was told as a violation");
        await arena.AssertUnharmed();
    }

    public static TheoryData<string> IdleFrames => [.. s_idleFrames.Keys];

    private static readonly Dictionary<string, byte[]> s_idleFrames = new()
    {
        ["console of the last job"] = Frames.Console(1, "nobody asked"),
        ["tool call of the last job"] = Frames.ToolCall(1, 1),
        ["result of the next job"] = Frames.Result(2, "a guess"),
        ["ready again"] = Frames.Of(new ReadyMessage(new byte[16], "14.6", "10.0", []).Write),
    };

    [Theory]
    [MemberData(nameof(IdleFrames))]
    public async Task P4_A_frame_from_an_idle_worker_ends_it(string attack)
    {
        using var file = new BytesFile(s_idleFrames[attack]);
        var launcher = new TestLauncher(TestLauncher.Fake([.. Arena.UntilJob, "value:done", $"send:{file.Path}", "read-on"]), TestLauncher.Real());
        var recycled = new System.Collections.Concurrent.ConcurrentQueue<RecycleReason>();
        await using var host = new EnclaveHost(new EnclaveOptions { OnWorkerRecycled = recycled.Enqueue }, null, launcher);

        ExecutionResult first = await Within.Deadline(host.RunAsync("return 1"), "answer to the first job");

        Assert.Equal("done", first.Value.AsString());
        await ProcessTable.Gone(launcher.Pids[0], "the worker that talked while idle");
        await Within.Becomes(() => recycled.Contains(RecycleReason.Violation), "its end was told as a violation");
        ExecutionResult next = await Within.Deadline(host.RunAsync("return 1 + 1"), "answer to the next job");
        Assert.Equal(2, next.Value.AsInt32());
    }

    [Fact]
    public async Task P5_The_first_result_stands_and_a_second_ends_the_worker()
    {
        using var file = new BytesFile([.. Frames.Result(Arena.Attacked, "first"), .. Frames.Result(Arena.Attacked, "second")]);
        await using Arena arena = await Arena.Open([.. Arena.UntilJob, $"send:{file.Path}", "read-on"]);

        ExecutionResult result = await arena.Run("return 1");

        Assert.Equal("first", result.Value.AsString());
        await Within.Becomes(() => arena.Recycled.Contains(RecycleReason.Violation), "the second result was taken as a violation");
        await arena.AssertUnharmed();
    }

    [Fact]
    public async Task P5_A_second_result_never_becomes_the_next_jobs_answer()
    {
        // The next job is already waiting, so the worker gets it between the two results.
        using var file = new BytesFile([.. Frames.Result(1, "first"), .. Frames.Result(1, "second"), .. Frames.Result(2, "guessed")]);
        var launcher = new TestLauncher(TestLauncher.Fake([.. Arena.UntilJob, $"send:{file.Path}", "read-on"]), TestLauncher.Real());
        await using var host = new EnclaveHost(new EnclaveOptions(), null, launcher);

        Task<ExecutionResult>[] jobs = [host.RunAsync("return 'a'"), host.RunAsync("return 'b'"), host.RunAsync("return 'c'")];
        ExecutionResult[] results = await Within.Deadline(Task.WhenAll(jobs), "three answers");

        Assert.Equal("first", results[0].Value.AsString());
        Assert.Equal(ErrorCode.ProtocolViolation, results[1].Error?.Code);
        Assert.Equal("c", results[2].Value.AsString());
        await ProcessTable.Gone(launcher.Pids[0], "the fake worker");
    }

    [Fact]
    public async Task P5_A_result_after_a_cancel_is_not_delivered()
    {
        using var call = new BytesFile(Frames.ToolCall(1, 1, "gate"));
        using var late = new BytesFile(Frames.Result(1, "too late"));
        for (int attempt = 1; ; attempt++)
        {
            using var cancel = new CancellationTokenSource();
            var gate = new TestGate();
            // A worker that gets no processor during the grace of a cancel is replaced.
            var launcher = new TestLauncher(
                TestLauncher.Fake([.. Arena.UntilJob, $"send:{call.Path}", "cancel", $"send:{late.Path}", "job", "value:second", "read-on"]),
                TestLauncher.Real());
            // Permissive because of its grace period: the late result has time to arrive.
            await using var host = new EnclaveHost(
                new EnclaveOptions { SecurityLevel = SecurityLevel.Permissive, ToolHandler = gate.Handle }, null, launcher);
            Task<ExecutionResult> cancelled = host.RunAsync("return 1", null, cancel.Token);
            await gate.Arrival();
            Task<ExecutionResult> next = host.RunAsync("return 'replaced'");

            await cancel.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(cancelled, "end of the cancelled job"));
            ExecutionResult result = await Within.Deadline(next, "answer to the next job");
            Assert.True(result.Success, result.Error?.Message);
            if (result.Value.AsString() == "replaced" && attempt < 10) continue;
            Assert.Equal("second", result.Value.AsString());
            return;
        }
    }

    [Fact]
    public async Task P6_A_result_for_another_workers_job_is_a_violation() =>
        await Arena.Send(ErrorCode.ProtocolViolation, Frames.Result(Arena.Neighbour, "stolen"));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(11)]
    public async Task P7_A_part_of_a_frame_and_then_silence_is_a_timeout(int bytes)
    {
        ExecutionResult result = await Arena.Send(ErrorCode.Timeout, Frames.Result(Arena.Attacked, "never whole")[..bytes], run: s_short);

        Assert.Equal("deadline", result.Error!.Data!["reason"]);
    }

    [Fact]
    public async Task P7_A_frame_one_byte_at_a_time_is_a_frame()
    {
        using var file = new BytesFile([.. Frames.Console(1, "slowly"), .. Frames.Result(1, "whole at last")]);
        await using var host = new EnclaveHost(
            new EnclaveOptions(), null, new TestLauncher(TestLauncher.Fake([.. Arena.UntilJob, $"trickle:{file.Path}", "read-on"])));

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.Equal("whole at last", result.Value.AsString());
        Assert.Equal("slowly\n", result.Stdout);
    }

    [Theory]
    [InlineData("sleep")]
    [InlineData("hello,sleep")]
    [InlineData("hello,send:half")]
    public async Task P7_A_silent_start_is_a_failed_start(string steps)
    {
        using var half = new BytesFile(Frames.Of(new ReadyMessage(new byte[16], "14.6", "10.0", []).Write)[..20]);
        string[] all = [.. steps.Replace("half", half.Path, StringComparison.Ordinal).Split(','), "sleep"];
        var launcher = new TestLauncher(TestLauncher.Fake(all));
        var pool = new WorkerPoolOptions { StartTimeout = TimeSpan.FromMilliseconds(400) };
        await using var host = new EnclaveHost(new EnclaveOptions { WorkerPool = pool }, null, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.Equal(ErrorCode.WorkerUnavailable, result.Error?.Code);
        Assert.Equal("start", result.Error!.Data!["phase"]);
        Assert.Contains("not ready within", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task P13_A_worker_that_computes_on_is_ended_by_the_hosts_count_of_its_time()
    {
        await using Arena arena = await Arena.Open([.. Arena.UntilJob, "spin"]);

        ExecutionResult result = await arena.Run("return 1", new RunOptions { Timeout = TimeSpan.FromMinutes(5), CpuTimeout = TimeSpan.FromMilliseconds(50) });

        Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
        Assert.Equal("cpu", result.Error!.Data!["reason"]);
        await arena.AssertUnharmed();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("{\"jsonrpc\":\"2.0\"}")]
    [InlineData("Segmentation fault (core dumped)\n")]
    public async Task P8_Text_instead_of_frames_is_a_violation(string text) =>
        await Arena.Send(ErrorCode.ProtocolViolation, System.Text.Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("exit:0", 0)]
    [InlineData("exit:3", 3)]
    [InlineData("signal:11", 139)]
    [InlineData("signal:31", 159)]
    [InlineData("signal:9", 137)]
    [InlineData("close", 137)]
    public async Task P8_An_early_end_is_a_crash_with_its_exit_code(string end, int exit)
    {
        ExecutionResult result = await Arena.Attack(ErrorCode.WorkerCrashed, [.. Arena.UntilJob, end, "read-on"]);

        Assert.Equal(exit, result.Error!.Data!["exit"]);
    }

    [Fact]
    public async Task P8_An_end_within_a_frame_is_a_crash()
    {
        using var file = new BytesFile(Frames.Result(Arena.Attacked, "cut off")[..10]);

        ExecutionResult result = await Arena.Attack(ErrorCode.WorkerCrashed, [.. Arena.UntilJob, $"send:{file.Path}", "exit:4"]);

        Assert.Equal(4, result.Error!.Data!["exit"]);
    }

    [Fact]
    public async Task P12_A_flood_of_console_frames_is_ended()
    {
        using var file = new BytesFile(Frames.Console(Arena.Attacked));

        await Arena.Attack(ErrorCode.MessageFlood, [.. Arena.UntilJob, $"flood:{file.Path}"]);
    }

    [Fact]
    public async Task P12_A_flood_of_tool_calls_reaches_the_handler_no_more_often_than_allowed()
    {
        int called = 0;
        byte[] calls = [.. Enumerable.Range(1, 5000).SelectMany((call) => Frames.ToolCall(Arena.Attacked, (uint)call, "count"))];

        await Arena.Send(ErrorCode.ProtocolViolation, calls, (options) =>
        {
            ToolHandler gate = options.ToolHandler!;
            options.MaxToolCalls = 20;
            options.ToolHandler = (name, args, context) => name == "count" ? new(Interlocked.Increment(ref called)) : gate(name, args, context);
        });

        Assert.InRange(called, 0, 20);
    }

    [Fact]
    public async Task P12_Console_output_above_its_limits_is_a_violation()
    {
        ExecutionResult result = await Arena.Send(
            ErrorCode.ProtocolViolation, Frames.Console(Arena.Attacked, "short", new string('x', 2000)), (options) => options.MaxConsoleBytes = 1000);

        Assert.InRange(result.Stdout.Length, 0, 1001);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(long.MaxValue, int.MaxValue)]
    public async Task P13_Forged_figures_change_nothing_the_host_measures(long large, int count)
    {
        var usage = new RunUsage(large, count, large, count, large);
        using var file = new BytesFile(Frames.Result(1, "forged", usage));
        await using var host = new EnclaveHost(
            new EnclaveOptions(), null, new TestLauncher(TestLauncher.Fake([.. Arena.UntilJob, $"send:{file.Path}", "read-on"])));

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.InRange(result.Stats.CpuTime, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.InRange(result.Stats.PeakMemoryBytes, 0, 1L << 30);
        Assert.Equal(0, result.Stats.ToolCallCount);
        Assert.InRange(result.Stats.IterationCount, 0, 100 * 10_000);
        Assert.True(result.Stats.Duration > TimeSpan.Zero, "the duration is the host's own");
    }

    [Fact]
    public async Task P13_Negative_figures_are_a_violation() =>
        await Arena.Send(ErrorCode.ProtocolViolation, Frames.Result(Arena.Attacked, 1, new RunUsage(-1, 0, 0, 0, 0)));

    [Fact]
    public async Task P13_A_success_long_after_the_deadline_does_not_count()
    {
        using var file = new BytesFile(Frames.ToolCall(Arena.Attacked, 1, "gate"));

        // Its tool never answers before the deadline, whatever the worker says afterwards.
        await Arena.Attack(ErrorCode.Timeout, [.. Arena.UntilJob, $"send:{file.Path}", "tool-result", "value:success", "read-on"], run: s_short);
    }

    [Fact]
    public async Task R13_A_flood_of_the_log_blocks_nobody_and_is_not_kept()
    {
        await using var host = new EnclaveHost(
            new EnclaveOptions(), null, new TestLauncher(TestLauncher.Fake([.. Arena.UntilJob, "log-megabytes:3", "value:done", "read-on"])));

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer of the worker that floods its log");

        Assert.Equal("done", result.Value.AsString());
    }

    [Fact]
    public async Task R13_A_log_above_its_budget_is_a_violation()
    {
        ExecutionResult result = await Arena.Attack(ErrorCode.ProtocolViolation, [.. Arena.UntilJob, "log-megabytes:1024", "value:done", "read-on"]);

        Assert.Contains("bytes in its log", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R3_The_last_words_of_a_dying_worker_are_heard()
    {
        using var words = new BytesFile(System.Text.Encoding.UTF8.GetBytes(new string('.', 60_000) + "\nFatal: JavaScript heap out of memory\n"));

        ExecutionResult result = await Arena.Attack(ErrorCode.MemoryLimitExceeded, [.. Arena.UntilJob, $"log:{words.Path}", "signal:5"]);

        Assert.Equal(133, result.Error!.Data!["exit"]);
    }

    [Fact]
    public async Task A_fake_worker_that_is_killed_leaves_no_pipe_of_its_debugger()
    {
        // Its pid may be that of a process that left some earlier. The clock of a file's time is a few milliseconds behind.
        DateTime before = TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromSeconds(1);
        await using Arena arena = await Arena.Open([.. Arena.UntilJob, "read-on"]);

        Assert.Equal(ErrorCode.Timeout, (await arena.Run("return 1", s_short)).Error?.Code);
        await arena.AssertUnharmed();

        // A worker has no TMPDIR, so .NET writes to this folder.
        Assert.DoesNotContain(Directory.GetFiles("/tmp", $"*-{arena.Launcher.Pids[1]}-*"), (file) => File.GetLastWriteTimeUtc(file) > before);
    }
}

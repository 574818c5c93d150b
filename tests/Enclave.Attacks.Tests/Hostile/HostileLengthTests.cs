using System.Buffers.Binary;
using Enclave.Protocol.Frames;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>
/// Workers that announce more than they send, or read nothing. The host trusts no length and buffers no
/// more than its limits. Runs alone, because it measures memory.
/// </summary>
[Collection(Alone.Name)]
public sealed class HostileLengthTests
{
    /// <summary>Far above the allowed cost of an attack, and far below the cost of believing one.</summary>
    private const long Bound = 256L << 20;

    // Result: an array of 4, the job's id, the status Value. The false length follows in the place of the payload.
    private static readonly byte[] s_untilPayload = [0x94, (byte)Arena.Attacked, 0x01];

    private static readonly Dictionary<string, byte[]> s_lies = new()
    {
        ["array of 4 G values"] = [.. s_untilPayload, 0xdd, 0xff, 0xff, 0xff, 0xff],
        ["array of 2 G values"] = [.. s_untilPayload, 0xdd, 0x7f, 0xff, 0xff, 0xff],
        ["map of 4 G values"] = [.. s_untilPayload, 0xdf, 0xff, 0xff, 0xff, 0xff],
        ["map of 1 G values"] = [.. s_untilPayload, 0xdf, 0x3f, 0xff, 0xff, 0xff],
        ["string of 4 GB"] = [.. s_untilPayload, 0xdb, 0xff, 0xff, 0xff, 0xff],
        ["binary of 2 GB"] = [.. s_untilPayload, 0xc6, 0x7f, 0xff, 0xff, 0xff],
        ["extension of 4 GB"] = [.. s_untilPayload, 0xc9, 0xff, 0xff, 0xff, 0xff, 0x01],
        ["array of 65535 values"] = [.. s_untilPayload, 0xdc, 0xff, 0xff],
        ["nested arrays that each claim the rest"] = [.. s_untilPayload, .. NestedClaims(120, 1 << 20)],
        ["fields that are 4 G"] = [0xdd, 0xff, 0xff, 0xff, 0xff],
    };

    public static TheoryData<string> Lies => [.. s_lies.Keys];

    [Fact]
    public Task P1_An_oversized_length_prefix_is_a_violation() =>
        Bounded(() => Arena.Send(ErrorCode.ProtocolViolation, Frames.Header(FrameType.Result, uint.MaxValue)));

    [Fact]
    public Task P1_A_length_one_above_the_limit_is_a_violation() =>
        Bounded(() => Arena.Send(ErrorCode.ProtocolViolation, Frames.Header(FrameType.Console, (16 << 20) + 1)));

    [Fact]
    public Task P1_A_length_within_the_limit_is_not_paid_for_before_its_bytes_come() => Bounded(async () =>
    {
        // Twenty workers that promise 64 MB each.
        using var file = new BytesFile(Frames.Header(FrameType.Result, 64 << 20));
        var pool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 20, MaxMessageBytes = 64 << 20, StartTimeout = TimeSpan.FromSeconds(30) };
        var launcher = new TestLauncher(TestLauncher.Fake([.. Arena.UntilJob, $"send:{file.Path}", "read-on"]));
        var options = new EnclaveOptions { Adapter = EnclaveAdapter.WorkerPool, WorkerPool = pool, Timeout = TimeSpan.FromSeconds(1) };
        await using var host = new EnclaveHost(options, null, launcher);

        ExecutionResult[] results = await Within.Deadline(Task.WhenAll(Enumerable.Range(0, 20).Select((_) => host.RunAsync("return 1"))), "twenty answers");

        Assert.All(results, (result) => Assert.Equal(ErrorCode.Timeout, result.Error?.Code));
    });

    [Theory]
    [MemberData(nameof(Lies))]
    public Task P2_A_count_above_what_is_left_is_a_violation(string lie) =>
        Bounded(() => Arena.Send(ErrorCode.ProtocolViolation, Frames.ResultFields(s_lies[lie])));

    [Fact]
    public Task P2_A_count_of_console_lines_above_what_is_left_is_a_violation() =>
        Bounded(() => Arena.Send(ErrorCode.ProtocolViolation, Frames.Raw(FrameType.Console, [0x92, (byte)Arena.Attacked, 0xdd, 0x7f, 0xff, 0xff, 0xff])));

    [Theory]
    [InlineData(0x91)]
    [InlineData(0x81)]
    [InlineData(0xdc)]
    public Task P3_A_nesting_bomb_is_a_violation(byte container)
    {
        byte[] level = container == 0xdc ? [0xdc, 0, 1] : container == 0x81 ? [0x81, 0xa0] : [container];
        byte[] bomb = [.. Enumerable.Repeat(level, 1_000_000).SelectMany((bytes) => bytes)];
        return Bounded(() => Arena.Send(ErrorCode.ProtocolViolation, Frames.ResultFields([.. s_untilPayload, .. bomb])));
    }

    [Fact]
    public Task P3_A_nesting_bomb_in_tool_arguments_is_a_violation() => Bounded(() => Arena.Send(
        ErrorCode.ProtocolViolation,
        Frames.Raw(FrameType.ToolCall, [0x94, (byte)Arena.Attacked, 0x01, 0xa1, (byte)'t', .. Enumerable.Repeat((byte)0x91, 1_000_000)])));

    [Fact]
    public Task P9_A_worker_that_never_reads_its_job_runs_out_of_time() => Bounded(async () =>
    {
        await using Arena arena = await Arena.Open(["hello", "ready", "sleep"]);
        var run = new RunOptions
        {
            Timeout = TimeSpan.FromMilliseconds(500),
            Globals = new Dictionary<string, object?> { ["data"] = new string('x', 5_000_000) },
        };
        string code = $"return '{new string('y', 5_000_000)}'";

        ExecutionResult result = await arena.Run(code, run);

        Assert.Equal(ErrorCode.Timeout, result.Error?.Code);
        Assert.True(result.Stats.BytesIn > 10_000_000, $"{result.Stats.BytesIn} bytes were meant for it");
        await arena.AssertUnharmed();
    });

    [Fact]
    public Task P9_A_worker_that_never_reads_its_tool_results_runs_out_of_time_or_room() => Bounded(async () =>
    {
        byte[] calls = [.. Enumerable.Range(1, 60).SelectMany((call) => Frames.ToolCall(Arena.Attacked, (uint)call, "large"))];
        using var file = new BytesFile(calls);
        var large = Protocol.ScriptValue.From(new string('z', 1 << 20));
        await using Arena arena = await Arena.Open([.. Arena.UntilJob, $"send:{file.Path}", "sleep"], (options) =>
        {
            ToolHandler gate = options.ToolHandler!;
            options.WorkerPool = options.WorkerPool! with { MaxMessageBytes = 2 << 20 };
            options.ToolHandler = (name, args, context) => name == "large" ? new(large) : gate(name, args, context);
        });

        ExecutionResult result = await arena.Run("return 1", new RunOptions { Timeout = TimeSpan.FromSeconds(3) });

        // 60 MB wait for a backlog of 8. The worker is killed for not reading, or at its deadline when the handlers are slow.
        Assert.True(result.Error?.Code is ErrorCode.ProtocolViolation or ErrorCode.Timeout, $"{result.Error?.Code} {result.Error?.Message}");
        await arena.AssertUnharmed();
    });

    private static async Task Bounded(Func<Task> attack)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        await attack();
        long cost = GC.GetTotalAllocatedBytes() - allocated;
        Assert.True(cost < Bound, $"the attack made the host allocate {cost >> 20} MB");
    }

    private static byte[] NestedClaims(int depth, int padding)
    {
        byte[] bytes = new byte[(depth * 5) + padding];
        for (int i = 0; i < depth; i++)
        {
            bytes[i * 5] = 0xdd;
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan((i * 5) + 1), padding);
        }

        return bytes;
    }
}

using System.Text;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>The opposite direction: a real worker whose host breaks the protocol exits with its own exit code and never crashes.</summary>
public sealed class HostileHostTests
{
    private const int Refused = 75, Orphan = 76;

    private static readonly RunLimits s_limits = Frames.Limits with { TimeoutMicroseconds = 20_000_000, CpuMicroseconds = 20_000_000, MaxValueBytes = 1 << 19 };

    private static readonly Dictionary<string, byte[]> s_first = new()
    {
        ["text"] = Encoding.UTF8.GetBytes("GET / HTTP/1.1\r\n\r\n"),
        ["zeros"] = new byte[64],
        ["oversized length"] = Frames.Header(FrameType.Hello, uint.MaxValue),
        ["hello above its first limit"] = Frames.Header(FrameType.Hello, (64 << 10) + 1),
        ["hello without fields"] = Frames.Raw(FrameType.Hello, []),
        ["hello of another version"] = [0xec, 0x1a, 9, 1, 0, 0, 0, 0],
        ["hello with a short nonce"] = Frames.Of(new HelloMessage(new byte[15], 1 << 20, 64 << 20, 64 << 20, []).Write),
        ["hello with a frame limit of zero"] = Frames.Of(new HelloMessage(new byte[16], 0, 64 << 20, 64 << 20, []).Write),
        ["hello with a negative heap"] = Frames.Of(new HelloMessage(new byte[16], 1 << 20, -1, 64 << 20, []).Write),
        ["hello whose largest limit is below the usual one"] = Frames.Of(new HelloMessage(new byte[16], 1 << 20, 64 << 20, 32 << 20, []).Write),
        ["hello with a nesting bomb"] = Frames.Raw(FrameType.Hello, [.. Enumerable.Repeat((byte)0x91, 60_000)]),
        ["execute before hello"] = Execute("return 1"),
        ["ready to the worker"] = Frames.Of(new ReadyMessage(new byte[16], "14.6", "10.0", []).Write),
    };

    private static readonly Dictionary<string, byte[]> s_later = new()
    {
        ["hello again"] = Frames.Of(BareWorker.Hello.Write),
        ["ready to the worker"] = Frames.Of(new ReadyMessage(new byte[16], "14.6", "10.0", []).Write),
        ["result to the worker"] = Frames.Result(1, 1),
        ["console to the worker"] = Frames.Console(1, "x"),
        ["frame type of an earlier version"] = Frames.Raw((FrameType)9, [0x91, 1]),
        ["oversized length"] = Frames.Header(FrameType.Execute, 64 << 20),
        ["execute without fields"] = Frames.Raw(FrameType.Execute, [0x90]),
        ["execute with text for an id"] = Frames.Raw(FrameType.Execute, [0x95, 0xa1, (byte)'x', 0xa0, 0xa0, 0x90, 0x80]),
        ["execute with a nesting bomb"] = Frames.Raw(
            FrameType.Execute, [0x95, 1, 0xa0, 0xa0, 0x9b, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, .. Enumerable.Repeat((byte)0x91, 500_000)]),
        ["execute with no time"] = Execute("return 1", s_limits with { TimeoutMicroseconds = 0 }),
        ["execute with a negative count"] = Execute("return 1", s_limits with { MaxToolCalls = -1 }),
        ["unknown frame type"] = [0xec, 0x1a, 2, 200, 0, 0, 0, 0],
    };

    /// <summary>Frames while a job waits for its tool.</summary>
    private static readonly Dictionary<string, byte[]> s_during = new()
    {
        ["tool result for another job"] = Frames.Of((frames) => ToolResultMessage.WriteValue(frames, 99, 1, [0x01])),
        ["second execute"] = Execute("return 2"),
        ["hello"] = Frames.Of(BareWorker.Hello.Write),
        ["shutdown"] = Frames.Of(ShutdownMessage.Write),
        ["tool result of an unknown kind"] = Frames.Raw(FrameType.ToolResult, [0x94, 1, 1, 7, 0xc0]),
        ["deadline that is past"] = Frames.Of(new DeadlineMessage(1, 0).Write),
        ["deadline out of sight"] = Frames.Of(new DeadlineMessage(1, long.MaxValue).Write),
        ["deadline without a time"] = Frames.Raw(FrameType.Deadline, [0x91, 1]),
        ["garbage"] = Encoding.UTF8.GetBytes("garbage!"),
    };

    public static TheoryData<string> First => [.. s_first.Keys];

    public static TheoryData<string> Later => [.. s_later.Keys];

    public static TheoryData<string> During => [.. s_during.Keys];

    [Theory]
    [MemberData(nameof(First))]
    public async Task P11_A_wrong_first_frame_is_refused(string attack)
    {
        await using BareWorker worker = await BareWorker.Start();

        await worker.Send(s_first[attack]);

        Assert.Equal(Refused, await worker.Exit());
    }

    [Theory]
    [MemberData(nameof(Later))]
    public async Task P11_A_wrong_frame_between_jobs_is_refused(string attack)
    {
        await using BareWorker worker = await BareWorker.StartReady();

        await worker.Send(s_later[attack]);

        Assert.Equal(Refused, await worker.Exit());
    }

    [Theory]
    [MemberData(nameof(During))]
    public async Task P11_A_wrong_frame_while_a_job_waits_is_refused(string attack)
    {
        await using BareWorker worker = await BareWorker.StartReady();
        await worker.Send(Execute("return await callTool('t', {})"));
        Assert.Equal(FrameType.ToolCall, await worker.Next());

        await worker.Send(s_during[attack]);

        Assert.Equal(Refused, await worker.Exit());
    }

    [Fact]
    public async Task P11_A_deadline_is_heeded_only_by_its_own_job()
    {
        await using BareWorker worker = await BareWorker.StartReady();
        await worker.Send(Frames.Of(new DeadlineMessage(1, 1).Write));
        await worker.Send(Execute("return await callTool('t', {})"));
        Assert.Equal(FrameType.ToolCall, await worker.Next());

        await worker.Send(Frames.Of(new DeadlineMessage(99, 1).Write));
        await worker.Send(Frames.Of((frames) => ToolResultMessage.WriteValue(frames, 1, 1, [0x01])));

        Assert.Equal(FrameType.Result, await worker.Next());
    }

    [Fact]
    public async Task P11_Garbage_while_a_script_runs_is_refused()
    {
        await using BareWorker worker = await BareWorker.StartReady();
        await worker.Send(Execute("console.log('running'); for(;;){}"));
        Assert.Equal(FrameType.Console, await worker.Next());

        await worker.Send(Encoding.UTF8.GetBytes("garbage!"));

        Assert.Equal(Refused, await worker.Exit());
    }

    [Theory]
    [InlineData("globals that are no map", new byte[] { 0x01 })]
    [InlineData("globals with a number for a key", new byte[] { 0x81, 0x01, 0x01 })]
    [InlineData("globals with extension 100", new byte[] { 0x81, 0xa1, 0x61, 0xd4, 100, 0 })]
    [InlineData("globals with invalid UTF-8", new byte[] { 0x81, 0xa2, 0xc3, 0x28, 0x01 })]
    [InlineData("globals with a wild date", new byte[] { 0x81, 0xa1, 0x61, 0xd7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    [InlineData("globals that replace the prototype", new byte[] { 0x81, 0xa9, 0x5f, 0x5f, 0x70, 0x72, 0x6f, 0x74, 0x6f, 0x5f, 0x5f, 0x80 })]
    public async Task P11_Wrong_values_in_a_right_frame_crash_nothing(string attack, byte[] globals)
    {
        await using BareWorker worker = await BareWorker.StartReady();

        await worker.Send(Frames.Of((frames) => ExecuteMessage.Write(frames, 1, "return 1", "script.js", s_limits, globals)));

        await AnswersOrRefuses(worker, attack);
    }

    [Theory]
    [InlineData("tool result for no call", 77u, new byte[] { 0x01 })]
    [InlineData("tool result for call zero", 0u, new byte[] { 0x01 })]
    [InlineData("tool result with extension 100", 1u, new byte[] { 0xd4, 100, 0 })]
    [InlineData("tool result with a number for a key", 1u, new byte[] { 0x81, 0x01, 0x01 })]
    [InlineData("tool result with invalid UTF-8", 1u, new byte[] { 0xa2, 0xc3, 0x28 })]
    public async Task P11_Wrong_tool_results_crash_nothing(string attack, uint call, byte[] payload)
    {
        await using BareWorker worker = await BareWorker.StartReady();
        await worker.Send(Execute("return await callTool('t', {})", s_limits with { TimeoutMicroseconds = 300_000 }));
        Assert.Equal(FrameType.ToolCall, await worker.Next());

        await worker.Send(Frames.Of((frames) => ToolResultMessage.WriteValue(frames, 1, call, payload)));

        await AnswersOrRefuses(worker, attack);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    public async Task P11_A_host_that_goes_within_hello_leaves_no_worker(int bytes)
    {
        await using BareWorker worker = await BareWorker.Start();
        await worker.Send(Frames.Of(BareWorker.Hello.Write)[..bytes]);

        worker.CloseInput();

        Assert.Equal(Orphan, await worker.Exit());
    }

    [Theory]
    [InlineData("return await callTool('t', {})", (byte)FrameType.ToolCall)]
    [InlineData("console.log('x'); for(;;){}", (byte)FrameType.Console)]
    public async Task P11_A_host_that_goes_while_a_job_runs_leaves_no_worker(string code, byte sign)
    {
        await using BareWorker worker = await BareWorker.StartReady();
        await worker.Send(Execute(code));
        Assert.Equal((FrameType)sign, await worker.Next());

        worker.CloseInput();

        Assert.Equal(Orphan, await worker.Exit());
    }

    [Fact]
    public async Task P11_Frames_that_crossed_the_result_are_passed_over()
    {
        await using BareWorker worker = await BareWorker.StartReady();

        await worker.Send(
            [.. Frames.Of(new CancelMessage(1).Write), .. Frames.Of((frames) => ToolResultMessage.WriteValue(frames, 1, 1, [0x01])), .. Execute("return 1")]);

        Assert.Equal(FrameType.Result, await worker.Next());
    }

    [Fact]
    public async Task P11_Broken_frames_from_the_host_never_crash_a_worker()
    {
        var random = new Random(20253);
        byte[] stream =
        [
            .. Frames.Of(BareWorker.Hello.Write), .. Execute("return [1, 'x']"),
            .. Frames.Of(new CancelMessage(1).Write),
            .. Execute("return await callTool('t', { a: 1 })"), .. Frames.Of(
                (frames) => ToolResultMessage.WriteValue(frames, 1, 1, [0x92, 1, 0xa1, (byte)'x'])),
        ];
        for (int round = 0; round < TestSize.Of(20, 1000); round++)
        {
            byte[] broken = ByteMutation.Of(stream, random);
            await using BareWorker worker = await BareWorker.Start();
            await worker.Send(broken);
            worker.CloseInput();
            int exit = await worker.Exit();
            Assert.True(exit is 0 or 74 or Refused or Orphan, $"round {round}: exit {exit} for {Convert.ToHexString(broken)}");
        }
    }

    private static byte[] Execute(string code, RunLimits? limits = null) =>
        Frames.Of((frames) => ExecuteMessage.Write(frames, 1, code, "script.js", limits ?? s_limits, [0x80]));

    private static async Task AnswersOrRefuses(BareWorker worker, string attack)
    {
        // Either it reports the fault of the job and continues, or it refuses the host and exits. Then only the end of the pipe is visible.
        worker.CloseInput();
        int exit = await worker.Exit();
        Assert.True(exit is Refused or Orphan, $"{attack}: exit {exit}");
    }
}

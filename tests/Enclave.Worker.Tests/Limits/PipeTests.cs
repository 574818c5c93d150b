using System.Diagnostics;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>Full pipes on either side, and answers that arrive long before they are used.</summary>
public sealed class PipeTests : IDisposable
{
    /// <summary>The most pending calls that a host may allow.</summary>
    private const int Ahead = 10_000;

    private static readonly RunLimits s_wide = ScriptJob.Usual with
    {
        MaxToolCalls = Ahead,
        MaxPendingToolCalls = Ahead,
        MaxConsoleCalls = 1_000_000,
        MaxConsoleBytes = 1 << 30,
        MaxValueBytes = 4 << 20,
    };

    private readonly LiveWorker _worker = LiveWorker.Open(WorkerSetup.Tracked);

    public void Dispose() => _worker.Dispose();

    [Fact]
    public void Ten_thousand_results_ahead_of_a_spinning_script_all_arrive()
    {
        const string Code =
            """
            const calls = []; for (let i = 0; i < 10000; i++) calls.push(callTool('t', { i }));
            console.log('called');
            const until = Date.now() + 300; while (Date.now() < until);
            const all = await Promise.all(calls);
            return [all.length, all.reduce((a, b) => a + b, 0)];
            """;
        ulong job = _worker.Begin(new ScriptJob(Code) { Limits = s_wide });
        var expected = new List<uint>();
        for (bool called = false; !called;)
        {
            Frame frame = _worker.Pipes.Next()!.Value;
            if (frame.Type == FrameType.ToolCall) expected.Add(ToolCallMessage.Read(frame.Body).CallId);
            else called = true;
        }

        Assert.Equal(Ahead, expected.Count);
        foreach (uint call in expected) _worker.Send((frames) => ToolReply.Value(call).Write(frames, job, call));

        Assert.Equal("[10000,50005000]", _worker.Finish(job).Json);
        Assert.Equal("1", _worker.Run(new ScriptJob("return 1")).Json);
    }

    [Fact]
    public void More_frames_ahead_than_a_host_has_reason_for_break_the_protocol()
    {
        ulong job = _worker.Begin(new ScriptJob("console.log('spins'); for (;;);") { Limits = s_wide });
        _worker.Expect(FrameType.Console);

        for (uint call = 1; call <= 20_000 && _worker.Send((frames) => ToolReply.Value(1).Write(frames, job, call)); call++) { }

        Assert.Null(_worker.Pipes.Next());
        Assert.True(_worker.ExitCode == 75, _worker.End());
    }

    [Fact]
    public void A_host_that_reads_late_loses_no_line()
    {
        ulong job = _worker.Begin(new ScriptJob("for (let i = 0; i < 20000; i++) console.log('line ' + i); return 'x'.repeat(3000000)") { Limits = s_wide });
        // The pipe holds 64 KB. The worker waits with the rest, in the middle of its script.
        Assert.True(_worker.Pipes.Comes(TimeSpan.FromSeconds(30)));

        JobAnswer answer = _worker.Finish(job);

        Assert.Equal(Enumerable.Range(0, 20_000).Select((i) => $"0 line {i}"), answer.Console);
        Assert.Equal(3_000_000, answer.Value.AsString().Length);
    }

    [Fact]
    public async Task A_worker_that_waits_for_its_host_to_read_still_ends_at_its_deadline()
    {
        ulong job = _worker.Begin(new ScriptJob("for (let i = 0; ; i++) console.log('line ' + i);")
        {
            Limits = s_wide with { MaxConsoleCalls = int.MaxValue, TimeoutMicroseconds = 200_000 },
        });
        long from = Stopwatch.GetTimestamp();
        await Within.Becomes(() => _worker.Sleeps && Stopwatch.GetElapsedTime(from).TotalMilliseconds > 400, "the deadline had passed and the worker waited");

        Assert.Equal(StopReason.Deadline, _worker.Finish(job).Reason);
    }

    [Fact]
    public void Jobs_sent_ahead_run_in_their_order()
    {
        for (int i = 0; i < 300; i++) _worker.Begin(new ScriptJob($"globalThis.n = (globalThis.n ?? 0) + {i}; return n"));

        for (ulong job = 1; job <= 300; job++) Assert.Equal((int)job - 1, _worker.Finish(job).Value.AsInt32());
    }

    [Fact]
    public void A_large_frame_that_comes_in_small_pieces_is_one_frame()
    {
        string text = new('x', 3_000_000);
        byte[] bytes = FrameBytes.Of((frames) => new ScriptJob("return text.length") { Globals = new { text }, Limits = s_wide }.Write(frames, 1));
        var random = new Random(5);

        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(random.Next(1, random.Next(2) == 0 ? 10 : 200_000), bytes.Length - at);
            Assert.True(_worker.Pipes.Send(bytes.AsSpan(at, length)));
            at += length;
        }

        Assert.Equal("3000000", _worker.Finish(1).Json);
    }
}

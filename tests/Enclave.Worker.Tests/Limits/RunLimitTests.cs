using System.Diagnostics;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>A run ends at its limits, however its script loops, and reports the reason. Its worker then takes no other job.</summary>
public sealed class RunLimitTests : IDisposable
{
    private const string Spin = "for (;;) { try { for (;;); } catch {} finally { continue; } }";

    private readonly LiveWorker _worker = LiveWorker.Open(WorkerSetup.Tracked);

    public void Dispose() => _worker.Dispose();

    [Theory]
    [InlineData(Spin)]
    [InlineData("const f = () => Promise.resolve().then(f); await f();")]
    [InlineData("return { get a() { for (;;); } }")]
    [InlineData("throw { get message() { for (;;); } }")]
    [InlineData("[1, 2].sort(() => { for (;;); })")]
    [InlineData("for (let i = 0; ; i++) 'aaaaaaaaaaaaaaaaaaaa'.replace(/(a|b)*?c|a/g, (x) => x + i)")]
    [InlineData("await callTool('never', {})")]
    public void Wall_time(string code) => AssertStopped(StopReason.Deadline, code, ScriptJob.Usual with { TimeoutMicroseconds = 100_000 }, (_) => null);

    [Theory]
    [InlineData(Spin)]
    [InlineData("for (;;) await callTool('t', {})")]
    public void Processor_time(string code)
    {
        JobAnswer answer = AssertStopped(StopReason.Cpu, code, ScriptJob.Usual with { CpuMicroseconds = 50_000, MaxToolCalls = int.MaxValue });

        // A step between two calls is far shorter than the first check of the timer: the limit holds for all of them together.
        Assert.InRange(answer.Usage.CpuMicroseconds, 50_000, 100_000);
    }

    [Fact]
    public void Waiting_takes_no_processor_time()
    {
        // The portable worker counts the CPU time of its process, and .NET's own.
        long most = TestedEngine.IsPortable ? 90_000 : 20_000;
        JobAnswer answer = _worker.Run(new ScriptJob("await callTool('t', {}); return 1") { Limits = ScriptJob.Usual with { CpuMicroseconds = most } }, (_) =>
        {
            // As long as a tool may take: the CPU clock stands still meanwhile.
            Assert.False(_worker.Pipes.Comes(TimeSpan.FromMilliseconds(100)));
            return ToolReply.Value(null);
        });

        Assert.Equal("1", answer.Json);
        Assert.InRange(answer.Usage.CpuMicroseconds, 0, most);
    }

    [Theory]
    [InlineData("for (;;) console.log('x')", 10, 1 << 20, (int)StopReason.ConsoleCalls, 10)]
    [InlineData("for (;;) console.log('xxxxxxxxxx')", 1000, 55, (int)StopReason.ConsoleBytes, 6)]
    [InlineData("for (;;) { try { console.log('x') } catch {} }", 0, 1 << 20, (int)StopReason.ConsoleCalls, 0)]
    public void Console_lines(string code, int calls, int bytes, int reason, int lines)
    {
        JobAnswer answer = AssertStopped((StopReason)reason, code, ScriptJob.Usual with { MaxConsoleCalls = calls, MaxConsoleBytes = bytes });

        Assert.Equal(lines, answer.Console.Count);
    }

    [Fact]
    public void Tool_calls()
    {
        JobAnswer answer = AssertStopped(
            StopReason.ToolCalls, "for (;;) { try { await callTool('t', {}) } catch {} }", ScriptJob.Usual with { MaxToolCalls = 7 });

        Assert.Equal(7, answer.Calls.Count);
        Assert.Equal(7, answer.Usage.ToolCalls);
    }

    [Fact]
    public void Tool_calls_at_once()
    {
        JobAnswer answer = AssertStopped(
            StopReason.PendingToolCalls, "for (;;) callTool('t', {})", ScriptJob.Usual with { MaxPendingToolCalls = 5 }, (_) => null);

        Assert.Equal(5, answer.Calls.Count);
    }

    [Theory]
    [InlineData("const keep = []; for (;;) keep.push({ a: [keep.length] })")]
    [InlineData("let s = 'x'; for (;;) s = [s, s]; ")]
    [InlineData("const m = new Map(); for (let i = 0; ; i++) m.set(i, 'x' + i)")]
    public void Memory(string code)
    {
        ulong job = _worker.Begin(new ScriptJob(code) { Limits = ScriptJob.Usual with { MemoryBytes = 32 << 20 } });

        // In optimised loops it may end the process. The host recognises that by the exit code.
        if (_worker.Pipes.Next() is { } frame) Assert.Equal(StopReason.Memory, ResultMessage.Read(frame.Body).ReadStop().Reason);
        else Assert.True(_worker.ExitCode is 70 or 71, $"job {job}: {_worker.End()}");
    }

    [Fact]
    public void Lines_of_a_script_that_runs_on_come_meanwhile()
    {
        ulong job = _worker.Begin(new ScriptJob("console.log('first'); for (;;);"));

        Assert.Equal("first", Assert.Single(ConsoleMessage.Read(_worker.Expect(FrameType.Console), 10, 1000).Lines).Text);
        _worker.Send(new CancelMessage(job).Write);
        Assert.Equal(StopReason.Cancelled, _worker.Finish(job).Reason);
    }

    private JobAnswer AssertStopped(StopReason reason, string code, RunLimits limits, Func<CalledTool, ToolReply?>? tools = null)
    {
        long from = Stopwatch.GetTimestamp();
        JobAnswer answer = _worker.Run(new ScriptJob(code) { Limits = limits }, tools);

        Assert.Equal(RunStatus.Stopped, answer.Status);
        Assert.Equal(reason, answer.Reason);
        Assert.Equal(0, answer.Usage.Ready);
        // A limit of another kind, far above the expected time on a busy machine.
        Assert.InRange(Stopwatch.GetElapsedTime(from).TotalSeconds, 0, 20);
        return answer;
    }
}

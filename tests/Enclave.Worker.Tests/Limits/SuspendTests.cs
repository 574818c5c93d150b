using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>A run is put aside only where nothing of its script can run, and only if the host knows all of its calls.</summary>
public sealed class SuspendTests : IDisposable
{
    private readonly LiveWorker _worker = LiveWorker.Open(WorkerSetup.Tracked);

    public void Dispose() => _worker.Dispose();

    [Fact]
    public void A_script_that_stands_still_is_put_aside_and_the_worker_takes_the_next_job()
    {
        ulong job = _worker.Begin(new ScriptJob("await Promise.all([callTool('a', {}), callTool('b', {})])"));
        _worker.Expect(FrameType.ToolCall);
        _worker.Expect(FrameType.ToolCall);

        _worker.Send(new SuspendMessage(job, 2).Write);

        Assert.Equal(StopReason.Suspended, _worker.Finish(job, (_) => null).Reason);
        Assert.Equal("1", _worker.Run(new ScriptJob("return 1")).Json);
    }

    [Fact]
    public void A_script_with_a_call_that_the_host_does_not_know_goes_on()
    {
        ulong job = _worker.Begin(new ScriptJob("const a = callTool('a', {}), b = callTool('b', {}); return [await a, await b]"));
        _worker.Expect(FrameType.ToolCall);
        _worker.Expect(FrameType.ToolCall);

        _worker.Send(new SuspendMessage(job, 1).Write);
        _worker.Send(new SuspendMessage(job + 1, 2).Write);
        foreach (uint call in new uint[] { 2, 1 }) _worker.Send((frames) => ToolReply.Value(call).Write(frames, job, call));

        Assert.Equal("[1,2]", _worker.Finish(job).Json);
    }

    [Fact]
    public void A_script_that_computes_is_put_aside_when_it_stands_still_again()
    {
        ulong job = _worker.Begin(new ScriptJob("const a = callTool('a', {}); console.log('x'); for (let i = 0; i < 3e7; i++); console.log('y'); await a;"));
        _worker.Send(new SuspendMessage(job, 1).Write);

        JobAnswer answer = _worker.Finish(job, (_) => null);

        Assert.Equal((StopReason.Suspended, 2), (answer.Reason, answer.Console.Count));
    }

    [Fact]
    public void Answers_may_come_before_their_calls_and_one_that_comes_too_late_is_ignored()
    {
        const string Code = "const seen = []; for (let i = 0; i < 3; i++) seen.push(await callTool('a', { i }), Date.now()); return seen";
        ulong job = _worker.Begin(new ScriptJob(Code) { Origin = RunOrigin.Of(5, 1000) });
        for (uint call = 1; call <= 3; call++)
        {
            uint number = call;
            _worker.Send((frames) => (ToolReply.Value(number * 10) with { Milliseconds = 1000 + number }).Write(frames, job, number));
        }

        Assert.Equal("[10,1001,20,1002,30,1003]", _worker.Finish(job, (_) => null).Json);
        _worker.Send(new SuspendMessage(job, 3).Write);
        Assert.Equal("1", _worker.Run(new ScriptJob("return 1")).Json);
    }
}

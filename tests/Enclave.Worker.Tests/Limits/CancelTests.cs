using System.Diagnostics;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Tests;

/// <summary>The host cancels runs and changes their deadlines at any moment of the script. The worker of a cancelled run continues.</summary>
public sealed class CancelTests : IDisposable
{
    private const string Spin = "console.log('spins'); for (;;);";

    private readonly LiveWorker _worker = LiveWorker.Open(WorkerSetup.Tracked);

    public void Dispose() => _worker.Dispose();

    [Fact]
    public void A_cancel_ends_a_run_wherever_it_is_and_the_next_finds_nothing_of_it()
    {
        for (int round = 0; round < 3; round++)
        {
            foreach (string code in StatefulPrograms.Endless)
            {
                ulong job = _worker.Begin(new ScriptJob(code)
                {
                    Limits = ScriptJob.Usual with { MaxConsoleCalls = int.MaxValue, MaxConsoleBytes = long.MaxValue, MaxToolCalls = int.MaxValue },
                });
                _worker.Send(new CancelMessage(job).Write);

                JobAnswer answer = _worker.Finish(job, (_) => null);

                Assert.True(answer.Reason == StopReason.Cancelled, $"{code}: {answer.Outcome}");
                Assert.Equal(1, answer.Usage.Ready);
                Assert.Equal("1", _worker.Run(new ScriptJob("return 1")).Json);
            }
        }
    }

    [Fact]
    public void A_cancel_of_another_job_is_passed_over()
    {
        ulong job = BeginSpinning();
        _worker.Send(new CancelMessage(job + 1).Write);
        _worker.Send(new CancelMessage(job - 1).Write);
        Assert.False(_worker.Pipes.Comes(TimeSpan.FromMilliseconds(100)));

        _worker.Send(new CancelMessage(job).Write);

        Assert.Equal(StopReason.Cancelled, _worker.Finish(job).Reason);
    }

    [Fact]
    public void A_cancel_that_crosses_the_result_is_passed_over()
    {
        for (int i = 0; i < 200; i++)
        {
            ulong job = _worker.Begin(new ScriptJob("return 1"));
            _worker.Send(new CancelMessage(job).Write);
            // The cancel may come while it runs, or after it.
            Assert.True(_worker.Finish(job) is { Status: RunStatus.Value } or { Reason: StopReason.Cancelled });
        }
    }

    [Fact]
    public void A_deadline_that_moves_closer_ends_a_spinning_script()
    {
        ulong job = BeginSpinning();

        _worker.Send(new DeadlineMessage(job, 50_000).Write);

        Assert.Equal(StopReason.Deadline, _worker.Finish(job).Reason);
    }

    [Fact]
    public void A_deadline_that_moves_away_lets_a_spinning_script_go_on()
    {
        ulong job = BeginSpinning(ScriptJob.Usual with { TimeoutMicroseconds = 400_000 });
        var clock = Stopwatch.StartNew();
        _worker.Send(new DeadlineMessage(job, 1_200_000).Write);

        Assert.Equal(StopReason.Deadline, _worker.Finish(job).Reason);
        Assert.InRange(clock.ElapsedMilliseconds, 1_100, 30_000);
    }

    [Fact]
    public void A_deadline_that_moves_away_lets_a_waiting_script_go_on()
    {
        ulong job = _worker.Begin(new ScriptJob("return await callTool('t', {})") { Limits = ScriptJob.Usual with { TimeoutMicroseconds = 300_000 } });
        uint call = ToolCallMessage.Read(_worker.Expect(FrameType.ToolCall)).CallId;
        _worker.Send(new DeadlineMessage(job, 30_000_000).Write);

        Assert.False(_worker.Pipes.Comes(TimeSpan.FromMilliseconds(600)));
        _worker.Send((frames) => ToolReply.Value(5).Write(frames, job, call));

        Assert.Equal("5", _worker.Finish(job).Json);
    }

    [Fact]
    public void A_deadline_of_another_job_is_passed_over()
    {
        _worker.Send(new DeadlineMessage(1, 1).Write);
        ulong job = _worker.Begin(new ScriptJob("return await callTool('t', {})"));
        uint call = ToolCallMessage.Read(_worker.Expect(FrameType.ToolCall)).CallId;
        _worker.Send(new DeadlineMessage(job + 1, 1).Write);
        _worker.Send((frames) => ToolReply.Value(5).Write(frames, job, call));

        Assert.Equal("5", _worker.Finish(job).Json);
    }

    private ulong BeginSpinning(RunLimits? limits = null)
    {
        ulong job = _worker.Begin(new ScriptJob(Spin) { Limits = limits ?? ScriptJob.Usual });
        _worker.Expect(FrameType.Console);
        return job;
    }
}

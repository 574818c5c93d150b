using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>Two reasons to stop a run at the same moment: one by the script's own call, the other by the clock's signal, which interrupts that call.</summary>
public sealed class StopRaceTests(ITestOutputHelper output)
{
    /// <summary>The clock looks at a run for the first time after 2 ms.</summary>
    private const int Deadline = 2_000;

    [Fact]
    public void The_run_ends_once_with_the_first()
    {
        TestedEngine.NeedsNative("a script runs within 2 ms of its Execute");
        // The rounds before the script's call: about as many as fit into the time until the deadline. Each run comes nearer, until they stay around it.
        (double rounds, double step) = (45_000, 1.5);
        int byClock = 0, byScript = 0;
        for (int i = 0; i < TestSize.Of(40, 800); i++)
        {
            using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
            var limits = ScriptJob.Usual with { TimeoutMicroseconds = Deadline, MaxToolCalls = 0 };
            JobAnswer answer = worker.Run(
                new ScriptJob($"let s = 0; for (let i = 0; i < {(int)rounds}; i++) s = (s + i) % 7; callTool('t', {{}})") { Limits = limits });
            Assert.True(answer.Reason is StopReason.Deadline or StopReason.ToolCalls, answer.Outcome);
            if (answer.Reason == StopReason.Deadline) byClock++;
            else byScript++;
            if (byClock > 0 && byScript > 0) step = 1.02;
            rounds = answer.Reason == StopReason.Deadline ? rounds / step : rounds * step;
        }

        output.WriteLine($"{byClock} ended by the clock, {byScript} by the script, {rounds:f0} rounds");
        Assert.True(byClock > 0 && byScript > 0, $"{byClock} ended by the clock, {byScript} by the script");
    }
}

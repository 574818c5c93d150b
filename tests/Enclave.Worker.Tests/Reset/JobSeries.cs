using System.Diagnostics;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Tests;

/// <summary>Jobs one after another in one worker. Some are cancelled at a random moment.</summary>
internal sealed class JobSeries(WorkerSetup setup, Random random)
{
    private const int Remembered = 5;

    private readonly Queue<string> _last = new();
    /// <summary>The number of jobs of the present process.</summary>
    public int Served { get; private set; }

    /// <summary>The present process. Null if the last job ended it.</summary>
    public LiveWorker? Worker { get; private set; }

    public int Cancelled { get; private set; }

    public int Workers { get; private set; }

    /// <summary>The programs before the present one.</summary>
    public string Last => string.Join('\n', _last.SkipLast(1));

    public string Run(ScriptJob job)
    {
        LiveWorker worker = Next(job.Code);
        return Note(worker.Run(job)).Outcome;
    }

    /// <summary>Starts an endless run, and cancels it up to some milliseconds later.</summary>
    public void RunAndCancel(string code, RunLimits limits)
    {
        LiveWorker worker = Next(code);
        ulong id = worker.Begin(
            new ScriptJob(code) { Limits = limits with { MaxConsoleCalls = int.MaxValue, MaxConsoleBytes = long.MaxValue, MaxToolCalls = int.MaxValue } });
        long until = Stopwatch.GetTimestamp() + random.NextInt64(Stopwatch.Frequency / 1000 * (random.Next(20) == 0 ? 60 : 6));
        while (Stopwatch.GetTimestamp() < until) Thread.SpinWait(20);
        worker.Send(new CancelMessage(id).Write);
        JobAnswer answer = Note(worker.Finish(id, (call) => call.Name == "never" ? null : ToolReply.Value(1)));
        Cancelled++;
        Assert.True(answer.Reason == StopReason.Cancelled || answer.Status == RunStatus.Error, $"{code}: {answer.Outcome}");
    }

    public void End() => Worker?.Dispose();

    private LiveWorker Next(string code)
    {
        _last.Enqueue(code);
        if (_last.Count > Remembered + 1) _last.Dequeue();
        if (Worker is not null) return Worker;
        Workers++;
        Served = 0;
        return Worker = LiveWorker.Open(setup);
    }

    private JobAnswer Note(JobAnswer answer)
    {
        Served++;
        if (answer.Usage.Ready > 0) return answer;
        Worker!.Dispose();
        Worker = null;
        return answer;
    }
}

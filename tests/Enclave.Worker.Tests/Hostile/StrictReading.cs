using System.Text.Unicode;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>The worker's stage when a frame arrives.</summary>
internal enum Stage
{
    BetweenJobs,
    WaitingForATool,
    Spinning,
}

/// <summary>Sends frames to workers and compares their reactions with the host's own readers.</summary>
internal sealed class StrictReading : IDisposable
{
    /// <summary>The id of every job here.</summary>
    public const ulong Job = 7;

    /// <summary>The id of the call that a job waits for.</summary>
    public const uint Call = 1;

    private const int Refused = 75;

    private LiveWorker? _worker;

    /// <summary>The number of accepted frames, and of refused ones.</summary>
    public int Taken { get; private set; }

    public int RefusedOnes { get; private set; }

    public void Check(Stage stage, FrameType type, byte[] body)
    {
        string what = $"{stage}: {type} {Convert.ToHexString(body.AsSpan(0, Math.Min(body.Length, 400)))}";
        LiveWorker worker = _worker ??= LiveWorker.Open(WorkerSetup.Tracked);
        Reach(stage, worker);
        worker.Pipes.Send(FrameBytes.Raw(type, body));
        if (Accepts(stage, type, body))
        {
            Taken++;
            ExpectAnswer(stage, type, body, worker, what);
        }
        else
        {
            RefusedOnes++;
            ExpectEnd(worker, what, (code) => code == Refused);
        }
    }

    public void Dispose() => _worker?.Dispose();

    public static bool Reads(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    private static bool Accepts(Stage stage, FrameType type, byte[] body) => type switch
    {
        // The host's reader takes source and name as bytes. The worker validates them like all texts.
        FrameType.Execute => stage == Stage.BetweenJobs && Reads(() => ExecuteMessage.Read(body)) && ExecuteMessage.Read(body) is var job
            && Utf8.IsValid(job.Source.Span) && Utf8.IsValid(job.SourceName.Span),
        FrameType.Shutdown => stage == Stage.BetweenJobs && Reads(() => ShutdownMessage.Read(body)),
        // They may cross the result. Then nobody reads them.
        FrameType.Cancel => stage == Stage.BetweenJobs || Reads(() => CancelMessage.Read(body)),
        FrameType.Suspend => stage == Stage.BetweenJobs || Reads(() => SuspendMessage.Read(body)),
        // The host parks no run of a portable worker, which has no checkpoint.
        FrameType.Park => !TestedEngine.IsPortable && (stage == Stage.BetweenJobs || Reads(() => ParkMessage.Read(body))),
        FrameType.Deadline => stage == Stage.BetweenJobs || Reads(() => DeadlineMessage.Read(body)),
        FrameType.ToolResult => stage == Stage.BetweenJobs || (Reads(() => ToolResultMessage.Read(body)) && ToolResultMessage.Read(body).JobId == Job),
        _ => false,
    };

    public static void Reach(Stage stage, LiveWorker worker)
    {
        switch (stage)
        {
            case Stage.WaitingForATool:
                worker.Begin(new ScriptJob("return await callTool('t', {})"), Job);
                worker.Expect(FrameType.ToolCall);
                break;
            case Stage.Spinning:
                worker.Begin(new ScriptJob("console.log('spins'); for (;;);"), Job);
                worker.Expect(FrameType.Console);
                break;
        }
    }

    private void ExpectAnswer(Stage stage, FrameType type, byte[] body, LiveWorker worker, string what)
    {
        try
        {
            if (stage == Stage.WaitingForATool && type == FrameType.Park && ParkMessage.Read(body).JobId == Job)
            {
                ParkedMessage parked = ParkedMessage.Read(worker.Expect(FrameType.Parked));
                Assert.Equal(Job, parked.JobId);
                // A worker that is not reset between jobs keeps its run.
                Assert.Equal(WorkerSetup.IsSanitized, parked.State.IsEmpty);
                if (parked.State.IsEmpty) CancelJob(worker);
            }
            else if (stage != Stage.BetweenJobs) CancelJob(worker);
            else if (type == FrameType.Execute) ExpectResult(worker, ExecuteMessage.Read(body), what);
            else if (type == FrameType.Shutdown) ExpectEnd(worker, what, (code) => code == 0);
            else worker.Run(new ScriptJob("return 1"));
        }
        catch (Exception fault) when (fault is WorkerEndedException or TimeoutException or ProtocolException)
        {
            Assert.Fail($"{what}\n{fault.Message}");
        }
    }

    /// <summary>Ends the job, whose result may be on the way.</summary>
    private void CancelJob(LiveWorker worker)
    {
        worker.Send(new CancelMessage(Job).Write);
        Keep(worker.Finish(Job, (_) => null));
    }

    private void ExpectResult(LiveWorker worker, in ExecuteMessage job, string what)
    {
        // A heap that is too small for V8 itself ends the process as out of memory.
        bool crowded = job.Limits.MemoryBytes < 8 << 20;
        if (crowded && worker.Pipes.Next() is null) ExpectEnd(worker, what, (code) => code is 70 or 71 or 73);
        else if (crowded) Drop();
        else Keep(worker.Finish(job.JobId));
    }

    private void ExpectEnd(LiveWorker worker, string what, Func<int, bool> fits)
    {
        if (!worker.Pipes.Comes(TimeSpan.FromSeconds(30))) Assert.Fail($"{what}\nit neither answers nor ends");
        if (worker.Pipes.Next() is { } frame) Assert.Fail($"{what}\nwas taken, and answered by {frame.Type}");
        Assert.True(fits(worker.ExitCode), $"{what}\n{worker.End()}");
        Drop();
    }

    private void Keep(JobAnswer answer)
    {
        if (answer.Usage.Ready == 0) Drop();
    }

    private void Drop()
    {
        _worker?.Dispose();
        _worker = null;
    }
}

using System.Runtime.Versioning;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Workers.Comparison;

namespace Enclave.Workers;

/// <summary>A worker that its nursery forked. The nursery reaps it and reports its exit status. The host kills it through its pidfd.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ForkedProcess : ChildProcess, IWorkerProcess, IStoppable
{
    /// <summary>How long a live nursery may take to report an end that the kernel shows.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Lock _ending = new();
    private readonly Nursery _nursery;
    private ProcessExit? _exit;
    private long _ended;
    private readonly Lock _comparing = new();
    private CellComparison? _comparison;
    private bool _isClosed;
    private WorkerConnection? _connection;

    /// <param name="pid">Its id on this machine.</param>
    /// <param name="ownPid">Its id in the nursery's pid namespace.</param>
    /// <param name="pidFd">Its pidfd.</param>
    /// <param name="pipes">The host's ends of its pipes.</param>
    /// <param name="confinement">Its resources of the machine.</param>
    /// <param name="nursery">Its nursery.</param>
    public ForkedProcess(int pid, int ownPid, int pidFd, HostPipes pipes, Confinement confinement, Nursery nursery)
        : base(pid, pidFd, pipes, confinement) => (OwnPid, Confinement, _nursery) = (ownPid, confinement, nursery);

    public override int OwnPid { get; }

    public Confinement Confinement { get; }

    IConfinement? IWorkerProcess.Confinement => Confinement;

    public WorkerFinding Inspect(IReadOnlyList<string> claims) => IsolationVerification.Inspect(this, Confinement, claims);

    public override void Kill() => Signal(Libc.SignalKill);

    public void Stop() => Signal(Libc.SignalStop);

    void IStoppable.Continue() => Signal(Libc.SignalContinue);

    public override bool EndsWithin(TimeSpan time) => PidFd < 0 || IsOver(PidFd, (int)time.TotalMilliseconds);

    public override bool Meet() => true;

    public IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => _connection = new WorkerConnection(this, Confinement, maxFrameBytes, sink);

    public bool IsForked => true;

    public ISharedCheckpoint? Checkpoint => _nursery;

    public bool IsComparable(out string? obstacle)
    {
        ImageAttempt attempt = _nursery.TakeImage();
        obstacle = attempt.IsFinal ? attempt.Fault : null;
        return attempt.Image is not null || !attempt.IsFinal;
    }

    public Look TryCompare(bool isFirst, ComparedPages pages, Span<byte> room, out string difference)
    {
        // Keep the descriptors open during the comparison: their numbers could otherwise go to another process.
        lock (_comparing)
        {
            // A worker that cannot be looked at gets no job.
            difference = "";
            if (_isClosed) return Look.TooEarly;
            if (_comparison is null)
            {
                (CheckpointImage? image, string? fault, _) = _nursery.TakeImage();
                if (image is not null) _comparison = CellComparison.TryOpen(this, Pid, image, out fault);
                difference = fault ?? "";
            }

            return _comparison?.TryCompare(isFirst, pages, room, out difference) ?? Look.TooEarly;
        }
    }

    public string? Elsewhere()
    {
        lock (_comparing) return _isClosed ? null : _comparison?.Elsewhere();
    }

    protected override void OnClosed()
    {
        lock (_comparing)
        {
            _isClosed = true;
            _comparison?.Dispose();
        }
    }

    private void Signal(int number)
    {
        lock (Gate)
        {
            if (PidFd >= 0) Send(PidFd, number);
        }
    }

    /// <summary>The nursery has reported its exit status. The connection may have seen its end before, and now reaps it.</summary>
    public void Ended(ProcessExit exit)
    {
        lock (_ending) _exit ??= exit;
        _connection?.Poke();
    }

    /// <summary>
    /// Takes the exit status. If the nursery does not report it in time, because the nursery was stopped by a signal, it counts as a kill. Ask again after a
    /// while.
    /// </summary>
    public override bool TryReap(out ProcessExit exit)
    {
        exit = default;
        if (!IsOver(PidFd, 0)) return false;
        lock (_ending)
        {
            long now = Clock.Microseconds;
            if (_ended == 0) _ended = now;
            if (_exit is null && now - _ended < s_patience.ToMicroseconds()) return false;
            exit = _exit ?? new ProcessExit(ExitClassifier.Killed, 0);
        }

        _nursery.Forget(this);
        return true;
    }
}

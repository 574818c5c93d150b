using Enclave.Linux;
using Enclave.Workers.Comparison;

namespace Enclave.Workers;

/// <content>Compares its memory with the checkpoint between two jobs. The worker does not notice: it gets no frame, and it is stopped meanwhile.</content>
internal sealed partial class Worker
{
    /// <summary>Far longer than a reset takes, in microseconds, from the first look on.</summary>
    private const long ResetTime = 2_000_000;

    /// <summary>Longer than a worker waits for its first look, in microseconds, if all threads compare other workers.</summary>
    private const long LookTime = 30_000_000;

    /// <summary>
    /// With <c>Sampled</c>, one run in this many is compared. With <c>EveryRun</c>, all pages are compared in one run of this many, and those that the kernel
    /// seals only then.
    /// </summary>
    private const int SampleEvery = 64;

    private long _looksUntil;
    private bool _isCompared;
    private string? _incomparable;

    /// <summary>Compares the worker once. False if it does not wait for a job yet: call again. Only one thread calls this at a time.</summary>
    /// <param name="room">Memory for pieces of its memory.</param>
    public bool IsSettled(Span<byte> room)
    {
        Sight seen;
        lock (_gate) seen = new Sight(_state, _jobs);
        if (seen.State is not (WorkerState.Starting or WorkerState.Compared)) return true;
        long now = Clock.Microseconds;
        if (_looksUntil == 0) _looksUntil = now + ResetTime;
        try
        {
            Look look = _process.TryCompare(seen.Jobs == 0, ComparedNow(), room, out string difference);
            if (look == Look.TooEarly && now < _looksUntil) return false;
            _looksUntil = 0;
            if (look == Look.TooEarly && _process.Elsewhere() is { } place) (look, difference) = (Look.Changed, place);
            if (look == Look.AsBefore) TakeJobs();
            else if (look == Look.Changed) Accuse(seen, difference);
            else if (seen.State == WorkerState.Starting) End(RecycleReason.StartFailed, "it did not wait for a job in time");
            else End(RecycleReason.Time, "it did not reset itself in time");

            void End(RecycleReason reason, string why) => Kill(seen, reason, ErrorCode.WorkerCrashed, difference.Length > 0 ? difference : why);
        }
        catch (OutOfMemoryException)
        {
            OnOutOfMemory();
        }

        return true;
    }

    /// <summary>The worker may get its first or next job.</summary>
    private void TakeJobs()
    {
        bool isFirst;
        lock (_gate)
        {
            if (_state is not (WorkerState.Starting or WorkerState.Compared)) return;
            isFirst = _state == WorkerState.Starting;
            _state = WorkerState.Idle;
            _due = long.MaxValue;
            WasReady = true;
        }

        if (isFirst) _owner.OnReady();
        else _owner.OnIdle();
    }

    private void Accuse(Sight seen, string difference)
    {
        if (!IsStill(seen)) return;
        Report(SecurityEventKind.MemoryMismatch, difference);
        Kill(seen, RecycleReason.Violation, ErrorCode.WorkerCrashed, $"its memory is not as before its jobs: {difference}");
    }

    /// <summary>Sealed pages are compared after as few runs as at SECURE, in case the kernel does not keep its promise.</summary>
    private ComparedPages ComparedNow() =>
        _settings.Comparison == ResetComparison.EveryRun && Random.Shared.Next(SampleEvery) != 0 ? ComparedPages.Changeable : ComparedPages.All;

    private bool IsComparisonDue() => _settings.Comparison switch
    {
        ResetComparison.EveryRun => _isCompared,
        ResetComparison.Sampled => _isCompared && Random.Shared.Next(SampleEvery) == 0,
        _ => false,
    };
}

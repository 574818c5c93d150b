using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <content>Compares its memory with the checkpoint between two jobs.</content>
internal sealed partial class Worker
{
    /// <summary>Far longer than a reset takes, in microseconds.</summary>
    private const long ResetTime = 2_000_000;

    /// <summary>When sampling, one run in this many is compared.</summary>
    private const int SampleEvery = 64;

    /// <summary>The tenant of its job; null without a job. Written by the pool under its lock.</summary>
    public string? LeasedTo
    {
        get;
        set
        {
            field = value;
            IsCompared = false;
        }
    }

    /// <summary>True from its job's answer to the end of the lease. Until then the job's memory is compared. Read by the pool under its lock.</summary>
    public bool IsCompared { get; private set; }

    private bool IsComparisonDue() => _settings.Comparison switch
    {
        ResetComparison.EveryRun => _process.IsComparable,
        ResetComparison.Sampled => Random.Shared.Next(SampleEvery) == 0 && _process.IsComparable,
        _ => false,
    };

    private void Compare(PongMessage pong)
    {
        if (pong.Token != (ulong)_jobs) throw ProtocolException.At(0, "the token of the ping was not repeated");
        if (_process.Difference() is { } difference)
        {
            if (_process.EndsWithin(TimeSpan.Zero)) return;
            Report(SecurityEventKind.MemoryMismatch, difference);
            Kill(RecycleReason.Violation, ErrorCode.WorkerCrashed, $"its memory is not as before its jobs: {difference}");
            return;
        }

        lock (_gate)
        {
            if (_state != WorkerState.Compared) return;
            _state = WorkerState.Idle;
            _due = long.MaxValue;
        }

        _owner.OnIdle(this);
    }
}

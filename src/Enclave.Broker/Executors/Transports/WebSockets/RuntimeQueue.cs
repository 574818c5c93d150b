using Enclave.Broker.Errors;
using Enclave.Broker.Fleet;
using Enclave.Broker.Sessions;
using Enclave.Queues;
using Enclave.Runs;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>Sessions that wait for a slot on a runtime: in order within a tenant, and in turn between tenants.</summary>
/// <remarks>
/// Runtimes may run sessions of other brokers. A runtime that is full is asked again after a pause, or when a session of this broker ends there.
/// </remarks>
internal sealed class RuntimeQueue : IDisposable
{
    /// <summary>Other brokers do not report when their sessions end, so full runtimes are asked again at this interval.</summary>
    private static readonly TimeSpan s_look = RemoteRuntime.BusyPause;

    private readonly Lock _gate = new();
    private readonly QueueSeats _seats;
    private readonly RuntimeSelector _runtimes;
    private readonly RuntimeOptions _options;
    private readonly TimeProvider _clock;
    private readonly TenantQueues<WaitingSession> _waiting;
    private readonly ITimer _look;
    private bool _looks;

    public RuntimeQueue(RuntimeSelector runtimes, RuntimeOptions options, TimeProvider clock)
    {
        (_runtimes, _options, _clock, _seats) = (runtimes, options, clock, new QueueSeats(_gate));
        _waiting = new TenantQueues<WaitingSession>(options.MaxWaiting, options.MaxWaitingPerTenant ?? options.MaxWaiting);
        _look = clock.CreateTimer((_) => Grant(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (RemoteRuntime runtime in runtimes.All) runtime.Changed += Grant;
    }

    /// <inheritdoc cref="IExecutor.Admit"/>
    public BrokerError? Admit(BrokerSession session)
    {
        string tenant = IQueued.KeyOf(session.Caller.Tenant);
        lock (_gate)
        {
            int room = _runtimes.FreeSlots;
            QueueAhead ahead = _seats.Ahead(tenant);
            QueueVerdict verdict = _waiting.CheckRoom(tenant, new QueueAhead(ahead.All - room, ahead.OfTenant - room));
            if (verdict == QueueVerdict.Added) session.Seat = _seats.Take(tenant);
            return BrokerError.Of(verdict, nameof(RuntimeOptions.MaxWaiting), nameof(RuntimeOptions.MaxWaitingPerTenant));
        }
    }

    /// <summary>Takes a slot on a runtime, or a place in the queue. <see cref="WaitingSession.Settled"/> completes with the runtime.</summary>
    public QueueVerdict Enqueue(WaitingSession turn)
    {
        QueueVerdict verdict = QueueVerdict.Added;
        lock (_gate)
        {
            turn.Reset();
            // Waiting sessions go first. Exception: a session that already had its turn, and whose runtime failed or was full.
            if ((_waiting.Count > 0 && !turn.HadTurn) || !TryGrant_NeedsLock(turn))
            {
                if (turn.HadTurn) _waiting.PutBack(turn);
                else verdict = _waiting.TryAdd(turn, new QueueAhead(-_runtimes.FreeSlots, -_runtimes.FreeSlots));
                Grant_NeedsLock();
            }

            // The session is now counted in the queue or at a runtime.
            turn.Session.Seat?.Dispose();
        }

        return verdict;
    }

    /// <summary>Removes a session that timed out or was cancelled. Returns its last position; null if it already has a runtime.</summary>
    public QueuePosition? Withdraw(WaitingSession turn)
    {
        lock (_gate)
        {
            if (Position_NeedsLock(turn) is not { } position) return null;
            _waiting.Remove(turn);
            return position;
        }
    }

    /// <summary>Its position in the queue; null if it does not wait.</summary>
    public QueuePosition? PositionOf(WaitingSession turn)
    {
        lock (_gate) return Position_NeedsLock(turn);
    }

    /// <summary>The queue's statistics.</summary>
    public QueuePart Stats()
    {
        lock (_gate)
        {
            int room = _runtimes.FreeSlots;
            long oldest = _waiting.Count == 0 ? 0 : (long)_clock.GetElapsedTime(_waiting.Heads.Min((turn) => turn.Submitted)).TotalMilliseconds;
            return new QueuePart("runtimes", _waiting.Count, 0, room >= int.MaxValue / 2 ? 0 : room, oldest);
        }
    }

    public void Dispose() => _look.Dispose();

    private QueuePosition? Position_NeedsLock(WaitingSession turn) =>
        _waiting.Before(turn) is { } before ? new QueuePosition(before + 1, _waiting.Count) : null;

    private void Grant()
    {
        lock (_gate)
        {
            _looks = false;
            Grant_NeedsLock();
        }
    }

    /// <summary>Gives free slots to the sessions whose turn it is.</summary>
    private void Grant_NeedsLock()
    {
        bool granted = true;
        while (granted && _waiting.Count > 0 && _runtimes.FreeSlots > 0)
        {
            granted = false;
            // A session may refuse the free runtimes because they failed it. Then the next tenant's session gets the slot.
            foreach (string tenant in _waiting.Turns)
            {
                WaitingSession turn = _waiting.HeadOf(tenant);
                if (!TryGrant_NeedsLock(turn)) continue;
                _waiting.Take(tenant);
                granted = true;
                break;
            }
        }

        if (_waiting.Count == 0 || _looks) return;
        _looks = true;
        _look.Change(s_look, Timeout.InfiniteTimeSpan);
    }

    private bool TryGrant_NeedsLock(WaitingSession turn)
    {
        RemoteRuntime? runtime = _runtimes.Next(turn.FailedRuntimes, out bool noMoreRuntimes);
        if (runtime is null && !noMoreRuntimes) return false;
        (turn.HadTurn, turn.NoMoreRuntimes) = (true, noMoreRuntimes);
        runtime?.AddSession();
        turn.Settle(runtime);
        return true;
    }
}

using System.Security.Cryptography;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Errors;
using Enclave.Broker.Executors;
using Enclave.Broker.Sessions;
using Enclave.Broker.Stats;
using Enclave.Broker.Store;
using Enclave.Streaming;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Lifecycle;

/// <summary>Opens, counts and drains the sessions that run at this broker. The store knows the sessions of other brokers.</summary>
internal sealed class SessionDirectory : IAsyncDisposable, IDisposable, IBrokerSessions, ISessionOwner
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<BrokerSession> _runs = [];
    private readonly BrokerOptions _options;
    private readonly ISessionStore _store;
    private readonly IExecutor _executor;
    private readonly SessionEndCounts _endStats;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ITimer _sweeper;
    private readonly CancellationTokenSource _leave = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private int _opening;
    private bool _draining, _drained;
    private int _disposed;

    public SessionDirectory(BrokerOptions options, ISessionStore store, IExecutor executor, SessionEndCounts endStats, TimeProvider clock, ILogger log)
    {
        (_options, _store, _executor, _endStats, _clock, _log) = (options, store, executor, endStats, clock, log);
        _sweeper = clock.CreateTimer((_) => Sweep(), null, s_sweep, s_sweep);
    }

    /// <summary>True if new sessions are refused because the broker is stopping.</summary>
    public bool IsDraining
    {
        get
        {
            lock (_gate) return _draining;
        }
    }

    /// <summary>Cancelled when the broker stops: readers of sessions at other brokers should reconnect there.</summary>
    public CancellationToken Leaving => _leave.Token;

    /// <summary>The number of sessions that run here, and of all sessions that are known here.</summary>
    public (int Running, int Known) Count
    {
        get
        {
            lock (_gate) return (_running, _store.Known);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Returns the existing session if the same request opened it before.</remarks>
    public async ValueTask<(ISessionView? Session, BrokerError? Refusal)> OpenAsync(Caller caller, SessionRequest request, CancellationToken cancellationToken)
    {
        (ISessionView? session, BrokerError? refusal) = await TryOpenAsync(caller, request, cancellationToken).ConfigureAwait(false);
        if (refusal is not null) _endStats.Refused(caller, refusal);
        return (session, refusal);
    }

    private async ValueTask<(ISessionView? Session, BrokerError? Refusal)> TryOpenAsync(
        Caller caller, SessionRequest request, CancellationToken cancellationToken)
    {
        string id = request.SessionId ?? StreamProtocol.SessionPrefix + RandomNumberGenerator.GetHexString(32, lowercase: true);
        var events = new EventLines(id, _options.MaxLogBytes);
        var session = new BrokerSession(id, caller, request, SessionTerms.Of(request.Limits, _options), events, this, _clock);
        AdmitOutcome admission = default;
        bool open = false;
        try
        {
            BrokerError? refusal = SessionSeal.Prepare(session, _options.RequireEncryption, out SessionEncryption encryption) ?? ReserveSlot();
            if (refusal is not null) return (null, refusal);
            try
            {
                if (_executor.Admit(session) is { } full) return (null, full);
                admission = await _store.AdmitAsync(session, cancellationToken).ConfigureAwait(false);
                open = admission.IsNew;
            }
            finally
            {
                if (!open)
                {
                    session.Seat?.Dispose();
                    ReleaseSlot();
                }
            }

            if (open) Begin(session, encryption);
            return (admission.View, admission.Refusal);
        }
        finally
        {
            if (!open) session.Dispose();
        }
    }

    /// <summary>The sessions of all owners that have not ended.</summary>
    public BrokerSession[] Running()
    {
        lock (_gate) return [.. _runs.Where((session) => !session.HasEnded)];
    }

    /// <summary>The running and waiting sessions of each tenant. Clients without a tenant are under the empty name.</summary>
    public IReadOnlyDictionary<string, (int Running, int Waiting)> Tenants()
    {
        var tenants = new Dictionary<string, (int Running, int Waiting)>(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (BrokerSession session in _runs)
            {
                string tenant = session.Caller.Tenant ?? "";
                (int running, int waiting) = tenants.GetValueOrDefault(tenant);
                tenants[tenant] = session.Waiting is null ? (running + 1, waiting) : (running, waiting + 1);
            }
        }

        return tenants;
    }

    /// <summary>Refuses new sessions, lets the running ones end within this time, and cancels the rest.</summary>
    /// <param name="patience"><see cref="Timeout.InfiniteTimeSpan"/> for no end.</param>
    public async Task DrainAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        long began = _clock.GetTimestamp();
        lock (_gate)
        {
            _draining = true;
            if (_opening == 0) _opened.TrySetResult();
        }

        await _leave.CancelAsync().ConfigureAwait(false);
        // A session that is just being opened was not refused: it runs as well.
        await _opened.Task.WaitAsync(patience, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        BrokerSession[] running;
        lock (_gate)
        {
            _drained = true;
            running = [.. _runs];
        }

        if (patience != Timeout.InfiniteTimeSpan)
        {
            patience -= _clock.GetElapsedTime(began);
            if (patience < TimeSpan.Zero) patience = TimeSpan.Zero;
        }

        Task ended = Task.WhenAll(running.Select((session) => session.Ended));
        await ended.WaitAsync(patience, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (BrokerSession session in running) session.Stop(SessionEnd.Draining);
        await ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        // A container disposes it once for each type that it was asked for.
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await DrainAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        _leave.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));

    /// <summary>Reserves a slot of this broker. Returns the refusal if all are taken, otherwise null.</summary>
    private BrokerError? ReserveSlot()
    {
        lock (_gate)
        {
            if (_draining) return BrokerError.Stopping;
            if (_running >= _options.MaxSessions) return BrokerError.Full(_options.MaxSessions);
            _running++;
            _opening++;
            return null;
        }
    }

    /// <summary>Releases the slot of a session that was not opened.</summary>
    private void ReleaseSlot()
    {
        Release();
        lock (_gate) Opened_NeedsLock();
    }

    /// <summary>Counts down the sessions that are being opened. The caller holds the lock.</summary>
    private void Opened_NeedsLock()
    {
        if (--_opening == 0 && _draining) _opened.TrySetResult();
    }

    private void Release()
    {
        lock (_gate) _running--;
    }

    private void Begin(BrokerSession session, SessionEncryption encryption)
    {
        bool late;
        lock (_gate)
        {
            _runs.Add(session);
            Opened_NeedsLock();
            // Its opening outlasted the drain, so that the drain does not await this session.
            late = _drained;
        }

        if (late) session.Stop(SessionEnd.Draining);
        _endStats.Began();
        session.Add(new SessionInit
        {
            CancelUrl = $"/sessions/{Uri.EscapeDataString(session.Id)}/cancel",
            ExpiresAt = session.ExpiresAt,
            Encryption = encryption,
        });
        _ = RunAsync(session);
    }

    private async Task RunAsync(BrokerSession session)
    {
        using ITimer? deadline =
            session.Deadline is { } time ? _clock.CreateTimer((_) => session.Stop(SessionEnd.Deadline), null, time, Timeout.InfiniteTimeSpan) : null;
        try
        {
            await _executor.RunAsync(session).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Every session needs exactly one last event.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            BrokerLog.RunFailed(_log, session.Id, fault);
        }

        session.Seat?.Dispose();

        // Has no effect after a last event: this is the answer for a run that ended without one.
        session.Add(session.Failure(SessionCode.InternalError, "the run ended without a result; the broker's log says why"));
        lock (_gate) _runs.Remove(session);
        session.ForgetProgram();
        _store.OnRunEnded(session);
    }

    void ISessionOwner.OnFinalEvent(BrokerSession session, Final final)
    {
        _endStats.Ended(final, session.Duration);
        Release();
        _store.OnFinalEvent(session);
    }

    private void Sweep()
    {
        _store.Sweep();
        BrokerSession[] forsaken;
        lock (_gate) forsaken = [.. _runs.Where((session) => session.HasNoReaderFor(_options.ReaderGrace))];
        foreach (BrokerSession session in forsaken) session.Stop(SessionEnd.NoReader(_options.ReaderGrace));
    }
}

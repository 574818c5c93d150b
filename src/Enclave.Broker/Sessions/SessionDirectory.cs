using System.Security.Cryptography;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Executors;
using Enclave.Broker.Figures;
using Enclave.Streaming;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Sessions;

/// <summary>Every session that runs, and those that ended not long ago. A session is found by its owner alone: to others it is not there.</summary>
internal sealed class SessionDirectory : IAsyncDisposable
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string? Owner, string Id), BrokerSession> _sessions = [];
    private readonly Queue<BrokerSession> _ended = new();
    private readonly Dictionary<string, int> _runningOf = new(StringComparer.Ordinal);
    private readonly BrokerOptions _options;
    private readonly IExecutor _executor;
    private readonly SessionFigures _figures;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ITimer _sweeper;
    private long _endedBytes;
    private int _running;
    private bool _draining;

    public SessionDirectory(BrokerOptions options, IExecutor executor, SessionFigures figures, TimeProvider clock, ILogger log)
    {
        (_options, _executor, _figures, _clock, _log) = (options, executor, figures, clock, log);
        _sweeper = clock.CreateTimer((_) => Sweep(), null, s_sweep, s_sweep);
    }

    /// <summary>Whether new sessions are refused because the broker stops.</summary>
    public bool IsDraining
    {
        get
        {
            lock (_gate) return _draining;
        }
    }

    /// <summary>Sessions that run, and all that are known.</summary>
    public (int Running, int Known) Count
    {
        get
        {
            lock (_gate) return (_running, _sessions.Count);
        }
    }

    /// <summary>Opens a session and starts its run. Null when it is refused, and <paramref name="refusal"/> says why.</summary>
    public BrokerSession? Open(Caller caller, SessionRequest request, out BrokerError? refusal)
    {
        string id = request.SessionId ?? StreamProtocol.SessionPrefix + RandomNumberGenerator.GetHexString(32, lowercase: true);
        var events = new EventLines(id, _options.MaxLogBytes);
        var session = new BrokerSession(id, caller, request, SessionTerms.Of(request.Limits, _options), events, _clock);
        refusal = SessionSeal.Prepare(session, out SessionEncryption encryption) ?? Add(session);
        if (refusal is not null)
        {
            session.Dispose();
            return null;
        }

        _figures.Began();
        session.Concluded = (final) => Leave(session, final);
        session.Add(new SessionInit { CancelUrl = $"/sessions/{Uri.EscapeDataString(id)}/cancel", ExpiresAt = session.ExpiresAt, Encryption = encryption });
        _ = RunAsync(session);
        return session;
    }

    public BrokerSession? Find(Caller caller, string id)
    {
        lock (_gate) return _sessions.GetValueOrDefault((caller.Owner, id));
    }

    public BrokerSession[] List(Caller caller)
    {
        lock (_gate) return [.. _sessions.Where((entry) => entry.Key.Owner == caller.Owner).Select((entry) => entry.Value)];
    }

    /// <summary>The sessions of all owners that have not ended.</summary>
    public BrokerSession[] Running()
    {
        lock (_gate) return [.. _sessions.Values.Where((session) => !session.HasEnded)];
    }

    /// <summary>Cancels a session and forgets it; who reads it reads to the end.</summary>
    public bool Remove(Caller caller, string id)
    {
        BrokerSession? session = Find(caller, id);
        if (session is null) return false;
        session.Stop(SessionEnd.Cancelled(null));
        lock (_gate) return Forget(session);
    }

    /// <summary>Refuses new sessions from now on, lets those that run end within this time, and cancels the rest.</summary>
    public async Task DrainAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        BrokerSession[] running;
        lock (_gate)
        {
            _draining = true;
            running = [.. _sessions.Values.Where((session) => !session.HasEnded)];
        }

        Task ended = Task.WhenAll(running.Select((session) => session.Ended));
        await ended.WaitAsync(patience, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (BrokerSession session in running) session.Stop(SessionEnd.Draining);
        await ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await DrainAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
        await _sweeper.DisposeAsync().ConfigureAwait(false);
    }

    private BrokerError? Add(BrokerSession session)
    {
        var key = (session.Caller.Owner, session.Id);
        string owner = session.Caller.Owner ?? "";
        lock (_gate)
        {
            if (_draining) return BrokerError.Stopping;
            if (_sessions.TryGetValue(key, out BrokerSession? other))
            {
                if (!other.HasEnded) return BrokerError.Exists(session.Id);
                Forget(other);
            }

            if (_running >= _options.MaxSessions) return BrokerError.Full(_options.MaxSessions);
            if (_runningOf.GetValueOrDefault(owner) >= _options.MaxSessionsPerOwner) return BrokerError.OwnerFull(_options.MaxSessionsPerOwner);
            _sessions.Add(key, session);
            _running++;
            _runningOf[owner] = _runningOf.GetValueOrDefault(owner) + 1;
        }

        return null;
    }

    private async Task RunAsync(BrokerSession session)
    {
        using ITimer? deadline = session.Terms.Deadline is { } time ? _clock.CreateTimer((_) => session.Stop(SessionEnd.Deadline), null, time, Timeout.InfiniteTimeSpan) : null;
        try
        {
            await _executor.RunAsync(session).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Every session has its one last event.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.RunFailed(_log, session.Id, fault);
        }

        // Nothing is added after the last event, so that this is the answer of a run that came to none.
        session.Add(new Final { Ok = false, Error = new ErrorInfo("the run came to no answer; the broker's log says why", "INTERNAL_ERROR") });
        lock (_gate) Keep(session);
    }

    private void Leave(BrokerSession session, Final final)
    {
        _figures.Ended(final, session.Duration);
        string owner = session.Caller.Owner ?? "";
        lock (_gate)
        {
            _running--;
            if (--_runningOf[owner] == 0) _runningOf.Remove(owner);
        }
    }

    /// <summary>For readers who come again.</summary>
    private void Keep(BrokerSession session)
    {
        _ended.Enqueue(session);
        _endedBytes += session.Events.Bytes;
        while (_endedBytes > _options.RetainedBytes && _ended.Count > 0) ForgetOldest();
    }

    private void ForgetOldest()
    {
        BrokerSession oldest = _ended.Dequeue();
        _endedBytes -= oldest.Events.Bytes;
        Forget(oldest);
        oldest.Dispose();
    }

    private bool Forget(BrokerSession session)
    {
        var key = (session.Caller.Owner, session.Id);
        return _sessions.TryGetValue(key, out BrokerSession? known) && known == session && _sessions.Remove(key);
    }

    private void Sweep()
    {
        BrokerSession[] forsaken;
        lock (_gate)
        {
            while (_ended.TryPeek(out BrokerSession? oldest) && _clock.GetElapsedTime(oldest.EndedAt) >= _options.Retention) ForgetOldest();
            forsaken = [.. _sessions.Values.Where((session) => session.IsForsaken(_options.ReaderGrace))];
        }

        foreach (BrokerSession session in forsaken) session.Stop(SessionEnd.NoReader(_options.ReaderGrace));
    }
}

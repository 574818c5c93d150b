using System.Diagnostics.CodeAnalysis;
using Enclave.Client.Http;
using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>Runs one session from its request to its result, over as many connections as needed.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without timer or handle holds nothing to free, and its disposal would race with the last stop.")]
internal sealed class SessionRun
{
    private static readonly TimeSpan s_longestRetryAfter = TimeSpan.FromSeconds(30);

    private readonly EnclaveClientOptions _options;
    private readonly BrokerConnection _broker;
    private readonly ClientSessionPlan _plan;
    private readonly SessionJournal _journal;
    private readonly SessionEventFeed? _feed;
    private readonly StreamConnection _stream;
    private readonly Backoff _backoff;
    private readonly long _began;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SessionResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SessionStop? _stop;
    private int _reconnects;

    // How the last connection failed; null while the broker answers.
    private volatile string? _lost;

    public SessionRun(BrokerConnection broker, EnclaveClientOptions options, ClientSessionPlan plan, SessionEventFeed? feed)
    {
        _broker = broker;
        _options = options;
        _plan = plan;
        _feed = feed;
        _journal = new SessionJournal(options, plan.SessionId, plan.Filter is not null, plan.From);
        _stream = new StreamConnection(broker, options, _journal, feed, plan.Opener);
        _backoff = new Backoff(new ReconnectOptions { ReconnectDelay = options.ReconnectDelay, MaxRetries = options.MaxReconnectAttempts }, Random.Shared);
        _began = options.TimeProvider.GetTimestamp();
    }

    /// <summary>The session's name at the broker.</summary>
    public string Name => _journal.Name;

    /// <summary>The number after the last received event; null before the first event.</summary>
    public long? Next => _journal.Next;

    /// <summary>Completes when the broker sends a stream, or when the session has its result.</summary>
    public Task Answered => _answered.Task;

    /// <summary>The result. Never fails.</summary>
    public Task<SessionResult> Completion => _completion.Task;

    /// <summary>True if the session's result is that it was stopped. If the last event came first, that is the result.</summary>
    public bool EndedByStop { get; private set; }

    /// <summary>True if the broker may still run the script and has not been asked to cancel it.</summary>
    public bool NeedsCancel { get; private set; }

    /// <summary>Stops reading. The first caller sets the reason. Returns false if the session already had its result or was stopped before.</summary>
    public bool TryStop(SessionStop stop)
    {
        if (_completion.Task.IsCompleted || Interlocked.CompareExchange(ref _stop, stop, null) is not null) return false;
        // This may complete the session on this thread.
        _stopping.Cancel();
        return true;
    }

    /// <summary>Runs the session. Called once.</summary>
    public async Task RunAsync()
    {
        using ITimer timeout = _options.TimeProvider.CreateTimer((_) => TryStop(new SessionStop(ClientErrorCodes.Timeout,
            $"The session took longer than {_plan.Timeout.TotalSeconds:0.###} s", SessionStopOrigin.Timeout)), null, _plan.Timeout, Timeout.InfiniteTimeSpan);
        SessionResult result;
        try
        {
            result = await FollowAsync().ConfigureAwait(false);
        }
        catch (Exception) when (_stop is not null)
        {
            EndedByStop = true;
            NeedsCancel = _stop.Origin is SessionStopOrigin.Abandon or SessionStopOrigin.Timeout;
            result = Failed(_stop.Origin == SessionStopOrigin.Timeout && _lost is { } lost
                ? new ClientError(ClientErrorCodes.NetworkError, $"{_stop.Message}; the last connection failed: {lost}")
                : new ClientError(_stop.Code, _stop.Message));
        }
        catch (Exception unexpected)
        {
            result = Failed(new ClientError(ClientErrorCodes.NetworkError, unexpected.Message));
        }

        _plan.Opener?.Dispose();
        _feed?.End();
        _completion.SetResult(result);
        _answered.TrySetResult();
    }

    private async Task<SessionResult> FollowAsync()
    {
        ConnectionEnd last = await ConnectAsync(_plan.Address, _plan.Body).ConfigureAwait(false);
        ConnectionEnd origin = last;
        int barren = 0;
        while ((last.MayBeTakenUp || (last.IsExpired && _reconnects > 0)) && _options.AutoReconnect && barren < _options.MaxReconnectAttempts)
        {
            await Task.Delay(WaitBefore(++barren, last.Refusal?.RetryAfter), _options.TimeProvider, _stopping.Token).ConfigureAwait(false);
            long before = _journal.Taken;
            _reconnects++;
            // Events that are no longer kept are lost. Read the kept ones; the last event is among them.
            Uri address = _broker.Routes.Stream(_journal.Name, last.IsExpired ? null : _journal.Next, _plan.Filter);
            last = await ConnectAsync(address).ConfigureAwait(false);
            if (_journal.Taken == before) continue;
            barren = 0;
            origin = last;
        }

        // After every other end the broker has no session, or cannot be reached.
        NeedsCancel = last.Kind == ConnectionEndKind.Unusable;
        return last.Final is { } final ? Ended(final) : Failed(SessionFailure.Of(origin, last, _plan.OpeningAction));
    }

    /// <summary>The wait before a reconnect.</summary>
    /// <param name="attempt">The number of the attempt since the last event. Range: 1 and above.</param>
    /// <param name="asked">How long the broker asks to wait, capped at 30 s; null if it does not.</param>
    private TimeSpan WaitBefore(int attempt, TimeSpan? asked)
    {
        TimeSpan wait = _backoff.Delay(attempt);
        TimeSpan least = asked is { } time ? TimeSpan.FromTicks(Math.Min(time.Ticks, s_longestRetryAfter.Ticks)) : TimeSpan.Zero;
        return wait > least ? wait : least;
    }

    private async Task<ConnectionEnd> ConnectAsync(Uri address, byte[]? body = null)
    {
        ConnectionEnd end = await _stream.RunAsync(address, body, Answered, _stopping.Token).ConfigureAwait(false);
        if (end.Kind is ConnectionEndKind.Broken or ConnectionEndKind.Silent or ConnectionEndKind.Unanswered) _lost = end.Message;
        return end;

        void Answered()
        {
            _lost = null;
            _answered.TrySetResult();
        }
    }

    private SessionResult Ended(Final final) => Result() with
    {
        Value = final.Ok ? final.Result : null,
        Error = final.Ok
            ? null
            : new ClientError(final.Error?.Code ?? SessionCode.Unknown, final.Error?.Message ?? "Unknown error") { Stack = final.Error?.Stack },
        Errors = final.Errors ?? [],
        BrokerStats = final.Stats,
    };

    private SessionResult Failed(ClientError error) => Result() with { Error = error };

    private SessionResult Result() => new()
    {
        SessionId = _journal.Name,
        Stats = new SessionStats(_options.TimeProvider.GetElapsedTime(_began), _journal.ToolCalls, _journal.StdoutBytes, _reconnects),
        Events = _journal.Kept,
        EventsNotKept = _journal.NotKept,
        Missing = _journal.Missing,
    };
}

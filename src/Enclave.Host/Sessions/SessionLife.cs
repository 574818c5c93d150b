namespace Enclave.Sessions;

/// <summary>
/// The life of a session, the same at a host, a runtime and a broker: it opens, runs, may be stopped once, and ends once. Thread-safe; takes no action.
/// </summary>
/// <typeparam name="TStop">Why a session is stopped.</typeparam>
/// <param name="clock">Measures its duration.</param>
internal sealed class SessionLife<TStop>(TimeProvider clock)
    where TStop : class
{
    private readonly Lock _gate = new();
    private readonly long _began = clock.GetTimestamp();
    private SessionState _state = SessionState.Starting;
    private TStop? _stop;
    private long? _ended;

    /// <summary>The reason of the first stop; null if it was not stopped.</summary>
    public TStop? WhyStopped
    {
        get
        {
            lock (_gate) return _stop;
        }
    }

    /// <summary>True after <see cref="TryEnd"/>.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate) return _ended is not null;
        }
    }

    /// <summary>Time from its start to its end, or to now.</summary>
    public TimeSpan Duration
    {
        get
        {
            lock (_gate) return clock.GetElapsedTime(_began, _ended ?? clock.GetTimestamp());
        }
    }

    /// <summary>Time since its end; null before.</summary>
    public TimeSpan? SinceEnd
    {
        get
        {
            lock (_gate) return _ended is { } ended ? clock.GetElapsedTime(ended) : null;
        }
    }

    /// <summary>Its state.</summary>
    /// <param name="isAsking">True if a tool call waits for an answer from outside.</param>
    public SessionState State(bool isAsking)
    {
        lock (_gate) return _ended is null ? SessionStates.Of(_state != SessionState.Starting, isAsking) : _state;
    }

    /// <summary>Its script runs.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_ended is null) _state = SessionState.Running;
        }
    }

    /// <summary>Stops it. False if it was stopped before, or has ended.</summary>
    public bool TryStop(TStop why)
    {
        lock (_gate)
        {
            if (_ended is not null || _stop is not null) return false;
            _stop = why;
            return true;
        }
    }

    /// <summary>Ends it. False if it has ended before: the first end counts.</summary>
    /// <param name="isOk">True if its script ran to its end.</param>
    /// <param name="isCancelled">True if it was ended from outside.</param>
    public bool TryEnd(bool isOk, bool isCancelled)
    {
        lock (_gate)
        {
            if (_ended is not null) return false;
            (_ended, _state) = (clock.GetTimestamp(), SessionStates.OfEnd(isOk, isCancelled));
            return true;
        }
    }
}

namespace Enclave.Streaming;

/// <summary>Decides when a connection is tried again. It connects nothing and waits for nothing: its owner does, and tells it.</summary>
/// <remarks>Not for several threads at once. The observer is called inside each call, in order.</remarks>
public sealed class ConnectionMachine
{
    private readonly ReconnectOptions _options;
    private readonly Backoff _backoff;
    private readonly Action<ConnectionChange>? _observer;

    /// <summary>A connection that nobody asked for yet.</summary>
    /// <param name="options">How it is tried again.</param>
    /// <param name="random">For the waits.</param>
    /// <param name="observer">Hears of everything that happens; null for nobody.</param>
    public ConnectionMachine(ReconnectOptions options, Random random, Action<ConnectionChange>? observer = null)
    {
        _backoff = new Backoff(options, random);
        _options = options;
        _observer = observer;
    }

    /// <summary>What the connection does now.</summary>
    public ConnectionState State { get; private set; } = ConnectionState.Disconnected;

    /// <summary>Tries since the connection was there. Range: 0 and above.</summary>
    public int Attempt { get; private set; }

    /// <summary>The connection is asked for. Does nothing while there is one, or one is on its way.</summary>
    /// <exception cref="InvalidOperationException">It was closed.</exception>
    public void Connect()
    {
        ThrowIfClosed();
        if (State is not (ConnectionState.Disconnected or ConnectionState.Failed)) return;
        Attempt = 0;
        Move(ConnectionState.Connecting);
    }

    /// <summary>The connection was made. Does nothing unless it was being made.</summary>
    public void Connected()
    {
        if (State != ConnectionState.Connecting) return;
        Attempt = 0;
        Move(ConnectionState.Connected);
        Tell(ConnectionChangeKind.Connected);
    }

    /// <summary>The connection was lost, or could not be made. Gives the wait before <see cref="Retry"/>; null when there is no other try, or no connection.</summary>
    /// <param name="reason">Why, in words; null when nobody knows.</param>
    public TimeSpan? Disconnected(string? reason = null)
    {
        if (State is not (ConnectionState.Connecting or ConnectionState.Connected)) return null;
        Tell(ConnectionChangeKind.Disconnected, reason: reason);
        if (Attempt >= _options.MaxRetries)
        {
            GiveUp(reason);
            return null;
        }

        TimeSpan delay = _backoff.Delay(++Attempt);
        Move(ConnectionState.Reconnecting);
        Tell(ConnectionChangeKind.RetryScheduled, delay: delay);
        return delay;
    }

    /// <summary>The wait is over, or somebody asks for one more try. Does nothing in other states than <see cref="ConnectionState.Reconnecting"/> and <see cref="ConnectionState.Failed"/>.</summary>
    public void Retry()
    {
        if (State is not (ConnectionState.Reconnecting or ConnectionState.Failed)) return;
        Tell(ConnectionChangeKind.RetryStarted);
        Move(ConnectionState.Connecting);
    }

    /// <summary>The connection is lost for a reason that no other try would change. Does nothing after <see cref="Close"/>.</summary>
    /// <param name="reason">Why, in words.</param>
    public void Fail(string reason)
    {
        if (State is not (ConnectionState.Closed or ConnectionState.Failed)) GiveUp(reason);
    }

    /// <summary>The connection is ended from here, for good.</summary>
    public void Close()
    {
        if (State != ConnectionState.Closed) Move(ConnectionState.Closed);
    }

    private void GiveUp(string? reason)
    {
        Move(ConnectionState.Failed);
        Tell(ConnectionChangeKind.Failed, reason: reason);
    }

    private void Move(ConnectionState state)
    {
        ConnectionState previous = State;
        State = state;
        _observer?.Invoke(new ConnectionChange(ConnectionChangeKind.StateChanged, state, previous, Attempt));
    }

    private void Tell(ConnectionChangeKind kind, TimeSpan? delay = null, string? reason = null) => _observer?.Invoke(new ConnectionChange(kind, State, State, Attempt, delay, reason));

    private void ThrowIfClosed()
    {
        if (State == ConnectionState.Closed) throw new InvalidOperationException("the connection was closed");
    }
}

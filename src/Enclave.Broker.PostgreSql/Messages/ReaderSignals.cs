namespace Enclave.Broker.PostgreSql.Messages;

/// <summary>Wakes the readers at this broker when a session that runs at another broker has new events.</summary>
internal sealed class ReaderSignals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, SessionSignal> _signals = [];

    /// <summary>Adds a reader of a session.</summary>
    public void AddReader(long session)
    {
        lock (_gate)
        {
            if (!_signals.TryGetValue(session, out SessionSignal? waiting)) _signals.Add(session, waiting = new SessionSignal());
            waiting.Readers++;
        }
    }

    public void RemoveReader(long session)
    {
        lock (_gate)
        {
            if (_signals.TryGetValue(session, out SessionSignal? waiting) && --waiting.Readers == 0) _signals.Remove(session);
        }
    }

    /// <summary>Completes at the next <see cref="Signal(long)"/> of the session. Never completes for a session without a reader.</summary>
    public Task Next(long session)
    {
        lock (_gate) return _signals.TryGetValue(session, out SessionSignal? waiting) ? waiting.Source.Task : Task.Delay(Timeout.Infinite);
    }

    public void Signal(long session)
    {
        TaskCompletionSource? signal;
        lock (_gate) signal = _signals.TryGetValue(session, out SessionSignal? waiting) ? waiting.Take() : null;
        signal?.TrySetResult();
    }

    /// <summary>Signals all sessions, because messages may have been lost.</summary>
    public void SignalAll()
    {
        TaskCompletionSource[] signals;
        lock (_gate) signals = [.. _signals.Values.Select((waiting) => waiting.Take())];
        foreach (TaskCompletionSource signal in signals) signal.TrySetResult();
    }

    private sealed class SessionSignal
    {
        public int Readers { get; set; }

        public TaskCompletionSource Source { get; private set; } = NewSignal();

        public TaskCompletionSource Take()
        {
            TaskCompletionSource taken = Source;
            Source = NewSignal();
            return taken;
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

namespace Enclave.Broker.PostgreSql.Messages;

/// <summary>Readers here of sessions that run elsewhere, and what tells them that there is more.</summary>
internal sealed class Wakers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Waker> _wakers = [];

    /// <summary>A reader of a session has come.</summary>
    public void Enter(long session)
    {
        lock (_gate)
        {
            if (!_wakers.TryGetValue(session, out Waker? waker)) _wakers.Add(session, waker = new Waker());
            waker.Readers++;
        }
    }

    public void Leave(long session)
    {
        lock (_gate)
        {
            if (_wakers.TryGetValue(session, out Waker? waker) && --waker.Readers == 0) _wakers.Remove(session);
        }
    }

    /// <summary>Completes at the next <see cref="Wake"/> of the session. Never for one without a reader.</summary>
    public Task Next(long session)
    {
        lock (_gate) return _wakers.TryGetValue(session, out Waker? waker) ? waker.Signal.Task : Task.Delay(Timeout.Infinite);
    }

    public void Wake(long session)
    {
        TaskCompletionSource? signal;
        lock (_gate) signal = _wakers.TryGetValue(session, out Waker? waker) ? waker.Take() : null;
        signal?.TrySetResult();
    }

    /// <summary>Messages may have been lost.</summary>
    public void WakeAll()
    {
        TaskCompletionSource[] signals;
        lock (_gate) signals = [.. _wakers.Values.Select((waker) => waker.Take())];
        foreach (TaskCompletionSource signal in signals) signal.TrySetResult();
    }

    private sealed class Waker
    {
        public int Readers { get; set; }

        public TaskCompletionSource Signal { get; private set; } = NewSignal();

        public TaskCompletionSource Take()
        {
            TaskCompletionSource taken = Signal;
            Signal = NewSignal();
            return taken;
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

namespace Enclave.Journals;

/// <summary>Wakes readers in this process after a write by another part or process: sessions of other brokers, journals of runs. Thread-safe.</summary>
internal sealed class ReaderSignals<TKey>
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Waiting> _signals = [];

    /// <summary>Adds a reader.</summary>
    public void AddReader(TKey key)
    {
        lock (_gate)
        {
            if (!_signals.TryGetValue(key, out Waiting? waiting)) _signals.Add(key, waiting = new Waiting());
            waiting.Readers++;
        }
    }

    public void RemoveReader(TKey key)
    {
        Waiting? waiting;
        lock (_gate)
        {
            if (!_signals.TryGetValue(key, out waiting) || --waiting.Readers > 0) return;
            _signals.Remove(key);
        }

        waiting.Left.TrySetResult();
    }

    /// <summary>Completes when this key has no reader.</summary>
    public Task Left(TKey key)
    {
        lock (_gate) return _signals.TryGetValue(key, out Waiting? waiting) ? waiting.Left.Task : Task.CompletedTask;
    }

    /// <summary>Completes at the next <see cref="Signal"/> for this key. Never completes for a key without a reader.</summary>
    public Task Next(TKey key)
    {
        lock (_gate) return _signals.TryGetValue(key, out Waiting? waiting) ? waiting.Source.Task : Task.Delay(Timeout.Infinite);
    }

    public void Signal(TKey key)
    {
        TaskCompletionSource? signal;
        lock (_gate) signal = _signals.TryGetValue(key, out Waiting? waiting) ? waiting.Take() : null;
        signal?.TrySetResult();
    }

    /// <summary>Signals all, because messages may have been lost.</summary>
    public void SignalAll()
    {
        TaskCompletionSource[] signals;
        lock (_gate) signals = [.. _signals.Values.Select((waiting) => waiting.Take())];
        foreach (TaskCompletionSource signal in signals) signal.TrySetResult();
    }

    private sealed class Waiting
    {
        public int Readers { get; set; }

        public TaskCompletionSource Source { get; private set; } = NewSignal();

        public TaskCompletionSource Left { get; } = NewSignal();

        public TaskCompletionSource Take()
        {
            TaskCompletionSource taken = Source;
            Source = NewSignal();
            return taken;
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

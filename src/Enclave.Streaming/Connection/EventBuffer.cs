namespace Enclave.Streaming;

/// <summary>Events that wait for a connection. A full buffer refuses; nothing that it took is lost. For any number of threads.</summary>
public sealed class EventBuffer
{
    /// <summary>How many events a buffer holds that was told no other number: 1000.</summary>
    public const int DefaultCapacity = 1000;

    private readonly Lock _lock = new();
    private readonly int _capacity;
    private List<SessionEvent> _events = [];

    /// <summary>An empty buffer.</summary>
    /// <param name="capacity">Most events. Range: 1 and above. Default: 1000.</param>
    public EventBuffer(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>How many events wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _events.Count;
        }
    }

    /// <summary>Whether the next event is refused.</summary>
    public bool IsFull => Count >= _capacity;

    /// <summary>Takes an event. False when the buffer is full.</summary>
    public bool TryAdd(SessionEvent waiting)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        lock (_lock)
        {
            if (_events.Count >= _capacity) return false;
            _events.Add(waiting);
            return true;
        }
    }

    /// <summary>Gives all events, oldest first, and is empty.</summary>
    public IReadOnlyList<SessionEvent> Drain()
    {
        lock (_lock)
        {
            List<SessionEvent> drained = _events;
            _events = [];
            return drained;
        }
    }
}

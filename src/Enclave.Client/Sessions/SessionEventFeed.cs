using System.Runtime.CompilerServices;
using Enclave.Streaming;

namespace Enclave.Client.Sessions;

/// <summary>
/// Buffers events for a reader. A reader that reads loses no event: the broker waits for it. Without a reader, events that find no room are dropped.
/// </summary>
internal sealed class SessionEventFeed(int maxEvents, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<(SessionEvent Event, long Bytes)> _waiting = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _bytes;
    private bool _reading;
    private bool _ended;

    /// <summary>Events that were dropped while there was no reader.</summary>
    public long Missed { get; private set; }

    /// <summary>Adds an event. Waits for room while there is a reader.</summary>
    public async ValueTask WriteAsync(SessionEvent written, long bytes, CancellationToken cancellation)
    {
        while (!TryWrite(written, bytes, out Task changed)) await changed.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>True if an event would have to wait.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate) return _reading && !HasRoom;
        }
    }

    /// <summary>Marks the end: no more events will come.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Signal();
        }
    }

    /// <summary>The buffered events and all that follow, to the end.</summary>
    /// <exception cref="InvalidOperationException">There is already a reader.</exception>
    public async IAsyncEnumerable<SessionEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Enter();
        try
        {
            while (true)
            {
                if (TryTake(out SessionEvent? next, out Task? changed)) yield return next!;
                else if (changed is null) yield break;
                else await changed.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            Detach();
        }
    }

    private bool HasRoom => _waiting.Count == 0 || (_waiting.Count < maxEvents && _bytes < maxBytes);

    private bool TryWrite(SessionEvent written, long bytes, out Task changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
            // The last event is always kept: without it a late reader would wait for ever.
            if (HasRoom || written.Payload is Final)
            {
                _waiting.Enqueue((written, bytes));
                _bytes += bytes;
                Signal();
                return true;
            }

            if (_reading) return false;
            Missed++;
            return true;
        }
    }

    private bool TryTake(out SessionEvent? next, out Task? changed)
    {
        lock (_gate)
        {
            changed = _changed.Task;
            if (_waiting.TryDequeue(out (SessionEvent Event, long Bytes) taken))
            {
                _bytes -= taken.Bytes;
                next = taken.Event;
                Signal();
                return true;
            }

            next = null;
            if (_ended) changed = null;
            return false;
        }
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_reading) throw new InvalidOperationException("the events of a session have one reader at a time");
            _reading = true;
        }
    }

    private void Detach()
    {
        lock (_gate)
        {
            _reading = false;
            Signal();
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

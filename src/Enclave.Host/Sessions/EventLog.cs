using System.Runtime.CompilerServices;
using Enclave.Events;

namespace Enclave.Sessions;

/// <summary>
/// The newest events of a session, for any number of readers. The oldest make room for new ones. A reader has no state but the number of an event.
/// </summary>
internal sealed class EventLog(EventLimits limits, TimeProvider clock) : EventFeed(clock)
{
    private readonly Dictionary<long, ExecutionEvent> _kept = [];
    private long _first = 1;
    private long _bytes;
    private int _readers;
    private bool _released;

    /// <summary>The limits for stored events and bytes.</summary>
    public (int Events, long Bytes) Held
    {
        get
        {
            lock (Gate) return (_kept.Count, _bytes);
        }
    }

    /// <summary>The events from a number on, up to the last one.</summary>
    public async IAsyncEnumerable<ExecutionEvent> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _readers);
        try
        {
            for (long next = Math.Max(1, from); ;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (ExecutionEvent? found, Task? changed) = FindOrWait(next);
                if (found is not null)
                {
                    next++;
                    yield return found;
                }
                else if (changed is not null)
                {
                    await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    yield break;
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
            FreeIfReleased();
        }
    }

    /// <summary>No more readers will come: the events are dropped with the last present reader.</summary>
    public void Release()
    {
        lock (Gate) _released = true;
        FreeIfReleased();
    }

    protected override ExecutionEvent? Fitted(ExecutionEvent added, int events)
    {
        // A single event must not push out all others.
        long most = limits.Bytes / 2;
        if (added.Size <= most) return added;
        ExecutionEvent smaller = added.WithoutPayload();
        return smaller.Size <= most ? smaller : null;
    }

    protected override void Store(ExecutionEvent numbered)
    {
        _kept.Add(numbered.Sequence, numbered);
        _bytes += numbered.Size;
        while (_kept.Count > limits.Events || _bytes > limits.Bytes)
        {
            _kept.Remove(_first++, out ExecutionEvent? oldest);
            _bytes -= oldest!.Size;
        }
    }

    /// <summary>The next event, or the task to wait for it; neither after the last.</summary>
    private (ExecutionEvent? Found, Task? Changed) FindOrWait(long next)
    {
        lock (Gate)
        {
            if (next < _first) throw new EventsExpiredException(next, _first);
            if (_kept.TryGetValue(next, out ExecutionEvent? found)) return (found, null);
            return (null, IsFinished ? null : Changed());
        }
    }

    private void FreeIfReleased()
    {
        lock (Gate)
        {
            if (!_released || !IsFinished || Volatile.Read(ref _readers) != 0) return;
            _kept.Clear();
            _bytes = 0;
            _first = Last + 1;
        }
    }
}

using System.Runtime.ExceptionServices;
using Enclave.Outcomes;

namespace Enclave.Events;

/// <summary>The events that the only reader of a stream has not read yet.</summary>
/// <remarks>
/// Half of it is reserved for tool events: they are dropped last, after they have lost their payload. Only the <see cref="FinishedEvent"/> and the
/// <see cref="EventsDroppedEvent"/> before it may exceed the limits.
/// </remarks>
internal sealed class StreamBuffer(EventLimits limits, TimeProvider clock) : EventFeed(clock)
{
    private readonly Queue<ExecutionEvent> _waiting = new();
    private long _bytes;

    /// <summary>The limits for waiting events and bytes.</summary>
    public (int Events, long Bytes) Held
    {
        get
        {
            lock (Gate) return (_waiting.Count, _bytes);
        }
    }

    /// <summary>The next event; null after the last one.</summary>
    public async ValueTask<ExecutionEvent?> NextAsync()
    {
        while (true)
        {
            Task changed;
            lock (Gate)
            {
                if (_waiting.TryDequeue(out ExecutionEvent? next))
                {
                    _bytes -= next.Size;
                    return next;
                }

                if (Fault is { } fault) ExceptionDispatchInfo.Throw(fault);
                if (IsFinished) return null;
                changed = Changed();
            }

            await changed.ConfigureAwait(false);
        }
    }

    protected override ExecutionEvent? Fitted(ExecutionEvent added, int events)
    {
        if (added is StartedEvent) return added;
        if (added is not (ToolCallEvent or ToolResultEvent)) return HasRoom(added, events, limits.Events / 2, limits.Bytes / 2) ? added : null;
        if (HasRoom(added, events, limits.Events, limits.Bytes)) return added;
        ExecutionEvent smaller = added.WithoutPayload();
        return HasRoom(smaller, events, limits.Events, limits.Bytes) ? smaller : null;
    }

    protected override void Store(ExecutionEvent numbered)
    {
        _waiting.Enqueue(numbered);
        _bytes += numbered.Size;
    }

    private bool HasRoom(ExecutionEvent added, int events, int maxEvents, long maxBytes) =>
        _waiting.Count + events <= maxEvents && _bytes + added.Size + EventSize.Base <= maxBytes;
}

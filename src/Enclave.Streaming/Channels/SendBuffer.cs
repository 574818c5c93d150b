using System.Diagnostics.CodeAnalysis;

namespace Enclave.Streaming.Channels;

/// <summary>A queue of messages to send, bounded in bytes. A message stays in it until it is sent.</summary>
internal sealed class SendBuffer(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _held = [];
    private TaskCompletionSource? _added, _emptied, _removed;
    private long _bytes;

    /// <summary>Adds a message. Returns false if there is no room. A single message always has room.</summary>
    public bool TryAdd(byte[] message) => TryAdd(message, out _);

    /// <summary>Adds a message. If there is no room, returns false and a task that completes when there is more.</summary>
    public bool TryAdd(byte[] message, [NotNullWhen(false)] out Task? removed)
    {
        TaskCompletionSource? added;
        lock (_gate)
        {
            removed = null;
            if (_held.Count > 0 && _bytes + message.Length > maxBytes)
            {
                removed = (_removed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                return false;
            }

            _held.Enqueue(message);
            _bytes += message.Length;
            (added, _added) = (_added, null);
        }

        added?.TrySetResult();
        return true;
    }

    /// <summary>Returns the oldest message. If there is none, returns false and a task that completes when there is one.</summary>
    public bool TryPeek([NotNullWhen(true)] out byte[]? oldest, [NotNullWhen(false)] out Task? later)
    {
        lock (_gate)
        {
            later = null;
            if (_held.TryPeek(out oldest)) return true;
            later = (_added ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            return false;
        }
    }

    /// <summary>Removes the oldest message, which was sent.</summary>
    public void RemoveOldest()
    {
        TaskCompletionSource? emptied = null, removed;
        lock (_gate)
        {
            _bytes -= _held.Dequeue().Length;
            (removed, _removed) = (_removed, null);
            if (_held.Count == 0) (emptied, _emptied) = (_emptied, null);
        }

        removed?.TrySetResult();
        emptied?.TrySetResult();
    }

    /// <summary>Completes when the queue is empty.</summary>
    public Task WhenEmpty()
    {
        lock (_gate)
            return _held.Count == 0 ? Task.CompletedTask : (_emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }
}

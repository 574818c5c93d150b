using System.Diagnostics.CodeAnalysis;

namespace Enclave.Streaming.Channels;

/// <summary>What waits to be sent, in order, within a bound of bytes. A message leaves only when it is gone.</summary>
internal sealed class HeldMessages(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _held = [];
    private TaskCompletionSource? _added, _emptied, _removed;
    private long _bytes;

    /// <summary>Whether there is room; one message alone always has.</summary>
    public bool TryAdd(byte[] message) => TryAdd(message, out _);

    /// <summary>Whether there is room; else what completes when there is more.</summary>
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

    /// <summary>The oldest message; or what completes when there is one.</summary>
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

    /// <summary>The oldest message is gone.</summary>
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

    /// <summary>Completes when nothing waits.</summary>
    public Task WhenEmpty()
    {
        lock (_gate) return _held.Count == 0 ? Task.CompletedTask : (_emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }
}

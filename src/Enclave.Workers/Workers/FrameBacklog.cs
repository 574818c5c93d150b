using Enclave.Protocol;

namespace Enclave.Workers;

/// <summary>Frames that wait until their worker takes them, up to a bound. The connection's lock guards it.</summary>
internal sealed class FrameBacklog(int maxFrameBytes)
{
    private readonly long _maxBytes = 4L * maxFrameBytes;
    private readonly Queue<Unsent> _waiting = new();
    private long _bytes;
    private int _sent;

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>The bytes to send next; none if nothing waits.</summary>
    public ReadOnlyMemory<byte> Next => _waiting.TryPeek(out Unsent next) ? next.Bytes[_sent..] : default;

    /// <summary>Adds a copy of these bytes, and retains the memory of their frames until they are sent. False if too much is waiting.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes, IFrameMemory? memory)
    {
        if (_bytes + bytes.Length > _maxBytes) return false;
        byte[] copy = bytes.ToArray();
        memory?.Retain();
        _waiting.Enqueue(new Unsent(copy, memory, Counted: copy.Length));
        _bytes += copy.Length;
        return true;
    }

    /// <summary>Adds bytes that are counted elsewhere: they are not copied, and do not count against the limit.</summary>
    public void AddShared(ReadOnlyMemory<byte> bytes, IFrameMemory? memory)
    {
        memory?.Retain();
        _waiting.Enqueue(new Unsent(bytes, memory, Counted: 0));
    }

    /// <summary>Counts bytes of <see cref="Next"/> that were sent. Returns the memory to release outside of the lock, if these were its last ones.</summary>
    public IFrameMemory? Sent(int bytes)
    {
        // Emptied meanwhile.
        if (!_waiting.TryPeek(out Unsent next)) return null;
        _sent += bytes;
        if (next.Counted > 0) _bytes -= bytes;
        if (_sent < next.Bytes.Length) return null;
        _waiting.Dequeue();
        _sent = 0;
        return next.Memory;
    }

    /// <summary>Drops everything. Returns the memory to release outside of the lock, so that other connections continue meanwhile.</summary>
    public IFrameMemory?[] Clear()
    {
        IFrameMemory?[] dropped = [.. _waiting.Select((unsent) => unsent.Memory)];
        _waiting.Clear();
        (_sent, _bytes) = (0, 0);
        return dropped;
    }

    /// <summary>The fault of a worker for which <see cref="TryAdd"/> failed.</summary>
    public ProtocolException NotReading() => ProtocolException.At(0, $"the worker does not read: {_maxBytes >> 20} MB wait for it");

    private readonly record struct Unsent(ReadOnlyMemory<byte> Bytes, IFrameMemory? Memory, int Counted);
}

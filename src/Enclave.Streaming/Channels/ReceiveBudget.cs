using System.Diagnostics;

namespace Enclave.Streaming.Channels;

/// <summary>
/// Bytes of messages that are not whole yet, over all connections that share it. Above the limit the message that began first is given up with its connection:
/// an honest one arrives within moments. Thread-safe.
/// </summary>
internal sealed class ReceiveBudget
{
    private readonly long _maxBytes;
    private readonly Lock _gate = new();
    private readonly LinkedList<ReceiveShare> _open = [];
    private long _bytes;

    /// <param name="maxBytes">The limit in bytes: at least the maximum size of one message.</param>
    public ReceiveBudget(long maxBytes) => _maxBytes = maxBytes;

    /// <summary>The budget of connections with this largest message: four of them may arrive at the same time.</summary>
    public static ReceiveBudget Of(int maxMessageBytes) => new(4L * maxMessageBytes);

    /// <summary>Makes the share of a connection.</summary>
    /// <param name="giveUp">Ends the connection. Called outside of the lock.</param>
    public ReceiveShare Open(Action giveUp) => new(this, giveUp);

    /// <summary>Sets the bytes of a share, and gives up the oldest other shares while the sum is above the limit. False if this share was given up.</summary>
    public bool TrySet(ReceiveShare share, long bytes)
    {
        Debug.Assert(bytes <= _maxBytes);
        List<ReceiveShare>? victims = null;
        lock (_gate)
        {
            if (share.IsGivenUp) return false;
            Change_NeedsLock(share, bytes);
            while (_bytes > _maxBytes && _open.First!.Value is var oldest)
            {
                if (oldest == share) oldest = _open.First.Next!.Value;
                Change_NeedsLock(oldest, 0);
                oldest.IsGivenUp = true;
                (victims ??= []).Add(oldest);
            }
        }

        foreach (ReceiveShare victim in victims ?? []) victim.GiveUp();
        return true;
    }

    private void Change_NeedsLock(ReceiveShare share, long bytes)
    {
        if (share.Bytes == 0 && bytes > 0) _open.AddLast(share.Node);
        if (share.Bytes > 0 && bytes == 0) _open.Remove(share.Node);
        _bytes += bytes - share.Bytes;
        share.Bytes = bytes;
    }
}

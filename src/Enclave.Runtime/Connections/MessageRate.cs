namespace Enclave.Runtime.Connections;

/// <summary>Limits the messages of one connection per second. Not thread-safe.</summary>
internal sealed class MessageRate(int perSecond, TimeProvider clock)
{
    private long _since = clock.GetTimestamp();
    private int _count;

    /// <summary>Counts one message. Returns false if there are too many.</summary>
    public bool TryTake()
    {
        if (clock.GetElapsedTime(_since) >= TimeSpan.FromSeconds(1)) (_since, _count) = (clock.GetTimestamp(), 0);
        return ++_count <= perSecond;
    }
}

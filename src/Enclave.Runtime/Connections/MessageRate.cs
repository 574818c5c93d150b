namespace Enclave.Runtime.Connections;

/// <summary>Messages of one connection, counted by the second. One thread at a time.</summary>
internal sealed class MessageRate(int perSecond, TimeProvider clock)
{
    private long _since = clock.GetTimestamp();
    private int _count;

    /// <summary>Whether one more may come.</summary>
    public bool TryTake()
    {
        if (clock.GetElapsedTime(_since) >= TimeSpan.FromSeconds(1)) (_since, _count) = (clock.GetTimestamp(), 0);
        return ++_count <= perSecond;
    }
}

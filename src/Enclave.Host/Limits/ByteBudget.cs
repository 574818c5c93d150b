namespace Enclave.Limits;

/// <summary>Bytes that many requests may hold together. Thread-safe.</summary>
/// <remarks>
/// A payer may hold as many as would then be left (a dynamic threshold, after Choudhury and Hahne): one alone gets half, and others always find room.
/// </remarks>
internal sealed class ByteBudget(long most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _byPayer = new(StringComparer.Ordinal);
    private long _held;

    /// <summary>Reserves bytes. Returns false if its payer would then hold more than is left.</summary>
    public bool TryTake(string payer, long bytes)
    {
        lock (_gate)
        {
            if (_byPayer.GetValueOrDefault(payer) + bytes > most - _held - bytes) return false;
            Change_NeedsLock(payer, bytes);
            return true;
        }
    }

    /// <summary>Releases bytes.</summary>
    public void Give(string payer, long bytes)
    {
        if (bytes == 0) return;
        lock (_gate) Change_NeedsLock(payer, -bytes);
    }

    private void Change_NeedsLock(string payer, long bytes)
    {
        _held += bytes;
        long held = _byPayer.GetValueOrDefault(payer) + bytes;
        if (held == 0) _byPayer.Remove(payer);
        else _byPayer[payer] = held;
    }
}

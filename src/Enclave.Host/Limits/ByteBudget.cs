namespace Enclave.Limits;

/// <summary>Bytes that many requests may hold together. Thread-safe.</summary>
/// <remarks>
/// A payer may hold as many bytes as are then left for others (a dynamic threshold, after Choudhury and Hahne): one payer alone gets half, and others always
/// find room.
/// </remarks>
internal sealed class ByteBudget(long most)
{
    private readonly Lock _gate = new();
    private readonly ByteTotals _held = new();

    /// <summary>Reserves bytes. Returns false if its payer would then hold more than is left.</summary>
    public bool TryTake(string payer, long bytes)
    {
        lock (_gate)
        {
            if (_held.Of(payer) + bytes > most - _held.All - bytes) return false;
            _held.Add(payer, bytes);
            return true;
        }
    }

    /// <summary>Releases bytes.</summary>
    public void Give(string payer, long bytes)
    {
        if (bytes == 0) return;
        lock (_gate) _held.Add(payer, -bytes);
    }
}

namespace Enclave.Limits;

/// <summary>Bytes that many requests may hold together. Thread-safe.</summary>
internal sealed class ByteBudget(long most)
{
    private long _held;

    /// <summary>Reserves bytes. Returns false if the requests would then hold more than the budget.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= most) return true;
        Give(bytes);
        return false;
    }

    /// <summary>Releases bytes.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _held, -bytes);
}

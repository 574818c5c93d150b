namespace Enclave.Limits;

/// <summary>Bytes in all, and of each holder: a tenant or a client. Its owner's lock guards it.</summary>
internal sealed class ByteTotals
{
    private readonly Dictionary<string, long> _byHolder = new(StringComparer.Ordinal);

    /// <summary>The bytes of all.</summary>
    public long All { get; private set; }

    /// <summary>The holder of the most. There has to be one.</summary>
    public string Largest => _byHolder.MaxBy((one) => one.Value).Key;

    public long Of(string holder) => _byHolder.GetValueOrDefault(holder);

    /// <param name="holder">Their holder.</param>
    /// <param name="bytes">The bytes to add; below zero to subtract.</param>
    public void Add(string holder, long bytes)
    {
        All += bytes;
        long held = Of(holder) + bytes;
        if (held == 0) _byHolder.Remove(holder);
        else _byHolder[holder] = held;
    }
}

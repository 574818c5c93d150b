namespace Enclave.Host.Tests.Sidecar;

/// <summary>A store that runs the test's code before its own.</summary>
internal sealed class FaultyStore : IReferenceStore
{
    private int _sets, _gets;

    public MemoryReferenceStore Memory { get; } = new();

    /// <summary>Called before values are stored or read.</summary>
    public Func<Task>? Fault { get; set; }

    public Func<Task>? RemoveFault { get; set; }

    /// <summary>Returned instead of the stored value.</summary>
    public byte[]? Lie { get; set; }

    /// <summary>Number of stored values so far.</summary>
    public int Sets => Volatile.Read(ref _sets);

    /// <summary>Number of reads so far.</summary>
    public int Gets => Volatile.Read(ref _gets);

    // The token is ignored on purpose, as some stores do.
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken)
    {
        if (Fault is not null) await Fault();
        await Memory.SetAsync(key, value, ttl, CancellationToken.None);
        Interlocked.Increment(ref _sets);
    }

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _gets);
        if (Fault is not null) await Fault();
        return Lie ?? await Memory.GetAsync(key, CancellationToken.None);
    }

    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        if (RemoveFault is not null) await RemoveFault();
        await Memory.RemoveAsync(key, CancellationToken.None);
    }
}

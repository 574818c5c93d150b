namespace Enclave.Host.Tests.Sidecar;

/// <summary>A store that does what the test wants before it does its work.</summary>
internal sealed class FaultyStore : IReferenceStore
{
    private int _sets, _gets;

    public MemoryReferenceStore Memory { get; } = new();

    /// <summary>Before values are kept or given.</summary>
    public Func<Task>? Fault { get; set; }

    public Func<Task>? RemoveFault { get; set; }

    /// <summary>What is given instead of what was kept.</summary>
    public byte[]? Lie { get; set; }

    /// <summary>Values kept so far.</summary>
    public int Sets => Volatile.Read(ref _sets);

    /// <summary>How often values were asked for.</summary>
    public int Gets => Volatile.Read(ref _gets);

    // The token is passed over on purpose: some stores do.
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

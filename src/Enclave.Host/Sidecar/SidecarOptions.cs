namespace Enclave;

/// <summary>Keeps large tool results in the host and gives scripts references to them (docs/sidecar.md). Limits that are null are the level's.</summary>
public sealed record SidecarOptions
{
    /// <summary>True to use references. Default: false, scripts get whole tool results.</summary>
    public bool Enabled { get; init; }

    /// <summary>
    /// The smallest encoded size of a value that stays in the host, in bytes. Range: 1 KB to 64 MB. Default by level: 64 KB, 256 KB, 1 MB, 4 MB.
    /// </summary>
    public int? Threshold { get; init; }

    /// <summary>Largest value of one reference, in bytes. Range: <see cref="Threshold"/> to 1 GB. Default by level: 4, 16, 64, 256 MB.</summary>
    public int? MaxReferenceBytes { get; init; }

    /// <summary>
    /// All references of one run together, in bytes. Range: <see cref="MaxReferenceBytes"/> to 64 GB. Default by level: 16, 64, 256 MB, 1 GB.
    /// </summary>
    public long? MaxTotalBytes { get; init; }

    /// <summary>References of one run. Range: 1 to 100,000. Default by level: 50, 100, 500, 1000.</summary>
    public int? MaxReferences { get; init; }

    /// <summary>
    /// The size of all references resolved in one tool call's arguments or in one returned value, in bytes; a value counts each time it occurs. Range:
    /// 1 KB to 64 GB. Default by level: 8, 32, 128, 512 MB.
    /// </summary>
    public long? MaxResolvedBytes { get; init; }

    /// <summary>Nesting of references inside each other. Range: 1 to 100. Default by level: 5, 10, 20, 50.</summary>
    public int? MaxResolutionDepth { get; init; }

    /// <summary>The store. Default: null, a <see cref="MemoryReferenceStore"/> of this host.</summary>
    public IReferenceStore? Storage { get; init; }

    /// <summary>
    /// The longest time that a value is stored. It is removed when its run ends, unless the run
    /// returned it as a token. Range: 1 s to 30 days. Default: 15 min.
    /// </summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The store's time for one tool call's arguments, for its result, or for a returned value. Range: 1 ms to 10 min. Default: 2 s.</summary>
    public TimeSpan StorageTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How references that a script returns are treated. Default: <see cref="ReturnedReferences.Resolve"/>.</summary>
    public ReturnedReferences ReturnedReferences { get; init; }
}

namespace Enclave;

/// <summary>Large tool results stay in the host, and scripts get references to them (docs/sidecar.md). Null limits are the level's.</summary>
public sealed record SidecarOptions
{
    /// <summary>Default: false, tool results reach scripts whole.</summary>
    public bool Enabled { get; init; }

    /// <summary>Least encoded size of a value that stays in the host, in bytes. Range: 1 KB to 64 MB. Default by level: 64 KB, 256 KB, 1 MB, 4 MB.</summary>
    public int? Threshold { get; init; }

    /// <summary>Largest value of one reference, in bytes. Range: <see cref="Threshold"/> to 1 GB. Default by level: 4, 16, 64, 256 MB.</summary>
    public int? MaxReferenceBytes { get; init; }

    /// <summary>What all references of one run hold, in bytes. Range: <see cref="MaxReferenceBytes"/> to 64 GB. Default by level: 16, 64, 256 MB, 1 GB.</summary>
    public long? MaxTotalBytes { get; init; }

    /// <summary>References of one run. Range: 1 to 100,000. Default by level: 50, 100, 500, 1000.</summary>
    public int? MaxReferences { get; init; }

    /// <summary>What the references of one tool call's arguments, or of one returned value, take when they are put in, in bytes, each as often as it occurs. Range: 1 KB to 64 GB. Default by level: 8, 32, 128, 512 MB.</summary>
    public long? MaxResolvedBytes { get; init; }

    /// <summary>How many references may lie inside each other. Range: 1 to 100. Default by level: 5, 10, 20, 50.</summary>
    public int? MaxResolutionDepth { get; init; }

    /// <summary>Where values are kept. Default: null, a <see cref="MemoryReferenceStore"/> of the host's own.</summary>
    public IReferenceStore? Storage { get; init; }

    /// <summary>How long a value is kept at most; it is removed when its run ends, unless the run returned it as a token. Range: 1 s to 30 days. Default: 15 min.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the store may take for one tool call's arguments, for its result, or for a returned value. Range: 1 ms to 10 min. Default: 2 s.</summary>
    public TimeSpan StorageTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What becomes of references that a script returns. Default: <see cref="ReturnedReferences.Resolve"/>.</summary>
    public ReturnedReferences ReturnedReferences { get; init; }
}

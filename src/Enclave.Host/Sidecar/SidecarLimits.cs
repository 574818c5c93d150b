using Enclave.Limits;

namespace Enclave.Sidecar;

/// <summary>The limits for the references of one run: the options, or the level's defaults (docs/levels.md, from the JavaScript product's own table).</summary>
internal sealed record SidecarLimits
{
    private const long Kilobyte = 1 << 10, Megabyte = 1 << 20, Gigabyte = 1 << 30;

    public required int Threshold { get; init; }

    public required int MaxReferenceBytes { get; init; }

    public required long MaxTotalBytes { get; init; }

    public required int MaxReferences { get; init; }

    public required long MaxResolvedBytes { get; init; }

    public required int MaxResolutionDepth { get; init; }

    public static SidecarLimits For(SidecarOptions options, SecurityLevel level)
    {
        SidecarDefaults defaults = LevelTable.Of(level).Sidecar;
        return new SidecarLimits
        {
            Threshold = options.Threshold ?? defaults.Threshold,
            MaxReferenceBytes = options.MaxReferenceBytes ?? defaults.MaxReferenceBytes,
            MaxTotalBytes = options.MaxTotalBytes ?? defaults.MaxTotalBytes,
            MaxReferences = options.MaxReferences ?? defaults.MaxReferences,
            MaxResolvedBytes = options.MaxResolvedBytes ?? defaults.MaxResolvedBytes,
            MaxResolutionDepth = options.MaxResolutionDepth ?? defaults.MaxResolutionDepth,
        };
    }

    public static void Check(OptionFaults wrong, SidecarOptions options, SecurityLevel level)
    {
        SidecarLimits limits = For(options, level);
        wrong.Range("Sidecar.Threshold", limits.Threshold, Kilobyte, 64 * Megabyte, "bytes");
        wrong.Range("Sidecar.MaxReferenceBytes", limits.MaxReferenceBytes, limits.Threshold, Gigabyte, "bytes; the lower end is Threshold");
        wrong.Range("Sidecar.MaxTotalBytes", limits.MaxTotalBytes, limits.MaxReferenceBytes, 64 * Gigabyte, "bytes; the lower end is MaxReferenceBytes");
        wrong.Range("Sidecar.MaxReferences", limits.MaxReferences, 1, 100_000, "references");
        wrong.Range("Sidecar.MaxResolvedBytes", limits.MaxResolvedBytes, Kilobyte, 64 * Gigabyte, "bytes");
        wrong.Range("Sidecar.MaxResolutionDepth", limits.MaxResolutionDepth, 1, 100, "references");
        wrong.Range("Sidecar.Ttl", (long)options.Ttl.TotalMilliseconds, 1000, 30L * 86_400_000, "ms");
        wrong.Range("Sidecar.StorageTimeout", (long)options.StorageTimeout.TotalMilliseconds, 1, 600_000, "ms");
        if (options.ReturnedReferences is not (ReturnedReferences.Resolve or ReturnedReferences.Token))
            wrong.Add("Sidecar.ReturnedReferences", $"{(long)options.ReturnedReferences}", "Resolve or Token");
    }
}

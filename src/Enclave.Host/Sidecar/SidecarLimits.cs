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

    /// <exception cref="ArgumentException">A setting is out of its range. The message names it, its value and the range.</exception>
    public static SidecarLimits For(SidecarOptions options, SecurityLevel level)
    {
        SidecarDefaults defaults = LevelTable.Of(level).Sidecar;
        var limits = new SidecarLimits
        {
            Threshold = options.Threshold ?? defaults.Threshold,
            MaxReferenceBytes = options.MaxReferenceBytes ?? defaults.MaxReferenceBytes,
            MaxTotalBytes = options.MaxTotalBytes ?? defaults.MaxTotalBytes,
            MaxReferences = options.MaxReferences ?? defaults.MaxReferences,
            MaxResolvedBytes = options.MaxResolvedBytes ?? defaults.MaxResolvedBytes,
            MaxResolutionDepth = options.MaxResolutionDepth ?? defaults.MaxResolutionDepth,
        };
        Within(nameof(Threshold), limits.Threshold, Kilobyte, 64 * Megabyte, "bytes");
        Within(nameof(MaxReferenceBytes), limits.MaxReferenceBytes, limits.Threshold, Gigabyte, "bytes; the lower end is Threshold");
        Within(nameof(MaxTotalBytes), limits.MaxTotalBytes, limits.MaxReferenceBytes, 64 * Gigabyte, "bytes; the lower end is MaxReferenceBytes");
        Within(nameof(MaxReferences), limits.MaxReferences, 1, 100_000, "references");
        Within(nameof(MaxResolvedBytes), limits.MaxResolvedBytes, Kilobyte, 64 * Gigabyte, "bytes");
        Within(nameof(MaxResolutionDepth), limits.MaxResolutionDepth, 1, 100, "references");
        Within(nameof(options.Ttl), (long)options.Ttl.TotalMilliseconds, 1000, 30L * 86_400_000, "ms");
        Within(nameof(options.StorageTimeout), (long)options.StorageTimeout.TotalMilliseconds, 1, 600_000, "ms");
        if (options.ReturnedReferences is not (ReturnedReferences.Resolve or ReturnedReferences.Token))
            throw Fault(nameof(options.ReturnedReferences), (long)options.ReturnedReferences, "Resolve or Token");
        return limits;
    }

    private static void Within(string key, long value, long least, long most, string unit)
    {
        if (value < least || value > most) throw Fault(key, value, $"{least} to {most} ({unit})");
    }

    private static ArgumentException Fault(string key, long value, string range) => new($"Sidecar.{key} is {value}; its range is {range}.", key);
}

namespace Enclave.Cluster;

/// <summary>The last reported health of a broker or a runtime.</summary>
/// <param name="Status">The HTTP status; null for no answer, and for parts without health.</param>
/// <param name="Sessions">Number of running sessions; null if unknown.</param>
internal sealed record PartHealth(int? Status, int? Sessions)
{
    public static PartHealth Unknown { get; } = new(null, null);

    /// <summary>True if it accepts sessions.</summary>
    public bool IsWell => Status == 200;
}

namespace Enclave.Cluster;

/// <summary>What a broker or a runtime said of itself last.</summary>
/// <param name="Status">Of HTTP; null for no answer, and for what is not asked.</param>
/// <param name="Sessions">How many it runs; null where it does not say.</param>
internal sealed record PartHealth(int? Status, int? Sessions)
{
    public static PartHealth Unknown { get; } = new(null, null);

    /// <summary>Whether it takes sessions.</summary>
    public bool IsWell => Status == 200;
}

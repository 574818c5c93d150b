namespace Enclave.Cluster.Links;

/// <summary>The settings of a link.</summary>
/// <param name="State">How it treats connections.</param>
/// <param name="Delay">The delay of each byte in each direction.</param>
/// <param name="BytesPerSecond">Maximum rate of all connections together, in each direction; null for no limit.</param>
internal sealed record LinkSettings(LinkState State, TimeSpan Delay, int? BytesPerSecond)
{
    public static LinkSettings Open { get; } = new(LinkState.Open, TimeSpan.Zero, null);
}

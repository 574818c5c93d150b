namespace Enclave.Cluster.Links;

/// <summary>How a link is.</summary>
/// <param name="State">What it does with connections.</param>
/// <param name="Delay">How much later each byte arrives, in each direction.</param>
/// <param name="BytesPerSecond">Most bytes in a second, of all connections together, in each direction; null for no bound.</param>
internal sealed record LinkSettings(LinkState State, TimeSpan Delay, int? BytesPerSecond)
{
    public static LinkSettings Open { get; } = new(LinkState.Open, TimeSpan.Zero, null);
}

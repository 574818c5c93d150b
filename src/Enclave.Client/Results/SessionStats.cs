namespace Enclave.Client;

/// <summary>A session as its client saw it. What the broker counted is <see cref="SessionResult.BrokerStats"/>.</summary>
/// <param name="Duration">Wall time from the call to the result, by the client's clock.</param>
/// <param name="ToolCallCount">Tool calls that came.</param>
/// <param name="StdoutBytes">Console output that came, in bytes of UTF-8.</param>
/// <param name="Reconnects">Connections beside the first.</param>
public sealed record SessionStats(TimeSpan Duration, long ToolCallCount, long StdoutBytes, int Reconnects);

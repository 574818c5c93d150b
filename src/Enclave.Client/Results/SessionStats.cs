namespace Enclave.Client;

/// <summary>Statistics of a session, as measured by the client. The broker's are in <see cref="SessionResult.BrokerStats"/>.</summary>
/// <param name="Duration">Wall time from the call to the result, by the client's clock.</param>
/// <param name="ToolCallCount">Number of tool calls received.</param>
/// <param name="StdoutBytes">Console output received, in bytes of UTF-8.</param>
/// <param name="Reconnects">Number of connections after the first.</param>
public sealed record SessionStats(TimeSpan Duration, long ToolCallCount, long StdoutBytes, int Reconnects);

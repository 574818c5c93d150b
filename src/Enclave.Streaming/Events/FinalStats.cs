namespace Enclave.Streaming;

/// <summary>What a session took.</summary>
/// <param name="DurationMs">Milliseconds from its start to its end.</param>
/// <param name="ToolCallCount">Tool calls that its script made.</param>
/// <param name="StdoutBytes">Bytes of console output, in UTF-8.</param>
public sealed record FinalStats(double DurationMs, long ToolCallCount, long StdoutBytes);

namespace Enclave.Streaming;

/// <summary>Statistics of a session.</summary>
/// <param name="DurationMs">Milliseconds from its start to its end.</param>
/// <param name="ToolCallCount">Number of tool calls.</param>
/// <param name="StdoutBytes">Bytes of console output, in UTF-8.</param>
public sealed record FinalStats(double DurationMs, long ToolCallCount, long StdoutBytes);

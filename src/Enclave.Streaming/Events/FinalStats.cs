namespace Enclave.Streaming;

/// <summary>Statistics of a session.</summary>
/// <param name="DurationMs">Milliseconds from its start to its end.</param>
/// <param name="ToolCallCount">Number of tool calls.</param>
/// <param name="StdoutBytes">Bytes of console output, in UTF-8.</param>
public sealed record FinalStats(double DurationMs, long ToolCallCount, long StdoutBytes)
{
    /// <summary>The statistics of a session that took so long, in whole milliseconds; a clock that was set back makes it 0.</summary>
    internal static FinalStats Of(TimeSpan duration, int toolCalls, long stdoutBytes) =>
        new(Math.Round(Math.Max(0, duration.TotalMilliseconds)), toolCalls, stdoutBytes);
}

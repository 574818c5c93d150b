namespace Enclave.Runs;

/// <summary>How far a tool is.</summary>
internal readonly record struct ToolProgress(TimeSpan Elapsed, string? Message, double? Fraction, long? Bytes, long? TotalBytes);

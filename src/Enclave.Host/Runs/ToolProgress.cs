namespace Enclave.Runs;

/// <summary>A tool's progress.</summary>
internal readonly record struct ToolProgress(TimeSpan Elapsed, string? Message, double? Fraction, long? Bytes, long? TotalBytes);

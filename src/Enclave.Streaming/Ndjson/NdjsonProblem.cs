namespace Enclave.Streaming;

/// <summary>A line that is not an event.</summary>
/// <param name="Line">The line's number. Range: 1 and above.</param>
/// <param name="Error">The fault, for a log: begins with <c>JSON parse error</c>, <c>Validation error</c> or <c>Line too long</c>.</param>
/// <param name="Content">The beginning of the line: at most 100 characters, and three dots if there are more.</param>
public sealed record NdjsonProblem(long Line, string Error, string Content);

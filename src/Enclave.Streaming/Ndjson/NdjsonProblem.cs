namespace Enclave.Streaming;

/// <summary>A line that is no event.</summary>
/// <param name="Line">The line's number. Range: 1 and above.</param>
/// <param name="Error">What is wrong, for a log: begins with <c>JSON parse error</c>, <c>Validation error</c> or <c>Line too long</c>.</param>
/// <param name="Content">How the line begins: at most 100 characters, and three dots when it goes on.</param>
public sealed record NdjsonProblem(long Line, string Error, string Content);

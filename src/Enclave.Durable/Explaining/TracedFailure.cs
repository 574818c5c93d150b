namespace Enclave.Explaining;

/// <summary>An error that left a function.</summary>
/// <param name="Step">The step at which it did.</param>
/// <param name="Statement">The statement of the step.</param>
/// <param name="Message">The error's message, or the value that was thrown, cut.</param>
internal sealed record TracedFailure(int Step, int Statement, string Message);

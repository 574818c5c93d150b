namespace Enclave.Runs;

/// <summary>A tool call that is not answered yet.</summary>
/// <param name="Tool">The name of its tool, as the script gave it.</param>
/// <param name="Start">When the tool began, in microseconds of the clock.</param>
internal readonly record struct OpenCall(string Tool, long Start);

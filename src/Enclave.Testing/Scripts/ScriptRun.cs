namespace Enclave.Testing;

/// <summary>A script that came to a worker.</summary>
/// <param name="Code">Its text, as it was submitted.</param>
/// <param name="Options">The options of its run; null if it had none.</param>
public sealed record ScriptRun(string Code, RunOptions? Options);

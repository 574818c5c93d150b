namespace Enclave.Testing;

/// <summary>A script that a worker received.</summary>
/// <param name="Code">Its text, as submitted.</param>
/// <param name="Options">The options of its run; null for none.</param>
public sealed record ScriptRun(string Code, RunOptions? Options);

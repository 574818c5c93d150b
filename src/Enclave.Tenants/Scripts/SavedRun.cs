namespace Enclave.Tenants;

/// <summary>A version that was chosen for a run: for <c>StreamAsync</c>, <c>OpenSession</c> or <c>StartAsync</c>.</summary>
/// <param name="Script">The script and version, as <c>report@3</c>.</param>
/// <param name="Code">The text of the version.</param>
/// <param name="Options">The options of the run, with the arguments as the global <c>args</c>, and the script's name as source name.</param>
public sealed record SavedRun(string Script, string Code, RunOptions Options);

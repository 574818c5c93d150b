namespace Enclave.Workers.Engines;

/// <summary>The part of a host's options that concerns its engine.</summary>
/// <param name="Engine">As <c>EnclaveOptions.Engine</c>.</param>
/// <param name="Directory">As <c>EnclaveOptions.EngineDirectory</c>.</param>
/// <param name="Level">The level of its scripts.</param>
/// <param name="Accepted">As <c>EnclaveOptions.AllowDegradedIsolation</c>.</param>
internal sealed record EngineRequest(ScriptEngine Engine, string? Directory, SecurityLevel Level, IReadOnlyCollection<IsolationLayer> Accepted);

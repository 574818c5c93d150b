namespace Enclave.Workers.Engines;

/// <summary>The part of a host's options that concerns its engine.</summary>
/// <param name="Engine">As <see cref="EnclaveOptions.Engine"/>.</param>
/// <param name="Directory">As <see cref="EnclaveOptions.EngineDirectory"/>.</param>
/// <param name="Level">The level of its scripts.</param>
/// <param name="Accepted">As <see cref="EnclaveOptions.AllowDegradedIsolation"/>.</param>
internal sealed record EngineRequest(ScriptEngine Engine, string? Directory, SecurityLevel Level, IReadOnlyCollection<IsolationLayer> Accepted);

using Enclave.Audit;
using Enclave.Guard;
using Enclave.Runs;

namespace Enclave;

/// <summary>A run as a feature starts it: with its own globals.</summary>
/// <param name="Code">Its program.</param>
/// <param name="Options">Its options.</param>
/// <param name="Globals">Its globals in encoded form, with the host's.</param>
/// <param name="GlobalNames">The names of all its globals.</param>
/// <param name="Determinism">Its seed, its time and the order of its answers; null for the machine's own.</param>
/// <param name="Hooks">Its observers.</param>
/// <param name="Kind">Its kind in the audit.</param>
internal sealed record FeatureRun(
    string Code, RunOptions Options, byte[] Globals, IReadOnlyCollection<string> GlobalNames, RunDeterminism? Determinism, RunHooks Hooks, AuditedRunKind Kind)
{
    /// <inheritdoc cref="RequestedRun.Rewrite"/>
    public Func<ScriptGuard, GuardedScript, GuardedScript>? Rewrite { get; init; }
}

using System.Collections.Immutable;
using Enclave.Audit;
using Enclave.Guard;
using Enclave.Runs;
using Enclave.Telemetry;

namespace Enclave;

/// <summary>A run as the caller asked for it, before its script is checked.</summary>
/// <param name="Id">The number of its job.</param>
/// <param name="RunId">Its id for people and other programs.</param>
/// <param name="Code">The script.</param>
/// <param name="Options">Its options; null for none.</param>
/// <param name="Globals">Its globals in encoded form.</param>
/// <param name="GlobalNames">The names of all its globals.</param>
/// <param name="Hooks">Its other observers, and its own tools.</param>
internal sealed record RequestedRun(
    ulong Id, string RunId, string Code, RunOptions? Options, byte[] Globals, IReadOnlyCollection<string> GlobalNames, RunHooks Hooks)
{
    /// <summary>Its fixed seed and time; null for the machine's own.</summary>
    public RunDeterminism? Determinism { get; init; }

    /// <summary>Makes another program of the accepted script; null to run its own.</summary>
    public Func<ScriptGuard, GuardedScript, GuardedScript>? Rewrite { get; init; }

    /// <summary>The guard's warnings.</summary>
    public ImmutableArray<GuardIssue> Warnings { get; init; } = [];

    /// <summary>Its audit records; null without an audit.</summary>
    public AuditTrail? Trail { get; init; }

    /// <summary>Its measurement; null without a listener.</summary>
    public RunTelemetry? Telemetry { get; init; }

    /// <summary>The answer of the host's gate; null without a gate.</summary>
    public RunPass? Pass { get; init; }

    /// <summary>The observers of the run.</summary>
    /// <param name="last">One more observer; null for none.</param>
    public IReadOnlyList<IRunObserver> Observers(IRunObserver? last)
    {
        if (Determinism is null && Trail is null && Telemetry is null && last is null) return Hooks.Observers;
        return [.. Hooks.Observers, .. new[] { Determinism, Trail, Telemetry, last }.OfType<IRunObserver>()];
    }
}

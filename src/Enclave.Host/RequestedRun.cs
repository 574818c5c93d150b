using Enclave.Audit;
using Enclave.Runs;
using Enclave.Telemetry;

namespace Enclave;

/// <summary>A run as it was asked for, before anything is known of its script.</summary>
/// <param name="Hooks">Who else watches it, and tools of its own.</param>
internal sealed record RequestedRun(ulong Id, string Code, RunOptions? Options, byte[] Globals, IReadOnlyCollection<string> GlobalNames, RunHooks Hooks)
{
    /// <summary>What makes it repeatable; null for the machine's own randomness and time.</summary>
    public RunDeterminism? Determinism { get; init; }

    /// <summary>Its audit records; null without an audit.</summary>
    public AuditTrail? Trail { get; init; }

    /// <summary>What measures it; null while nobody listens.</summary>
    public RunTelemetry? Telemetry { get; init; }

    /// <summary>Who is told of what happens in it.</summary>
    /// <param name="last">One more; null for none.</param>
    public IReadOnlyList<RunObserver> Observers(RunObserver? last)
    {
        if (Determinism is null && Trail is null && Telemetry is null && last is null) return Hooks.Observers;
        return [.. Hooks.Observers, .. new[] { Determinism, Trail, Telemetry, last }.OfType<RunObserver>()];
    }
}

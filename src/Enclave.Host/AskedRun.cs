using Enclave.Audit;
using Enclave.Runs;
using Enclave.Telemetry;

namespace Enclave;

/// <summary>A run as it was asked for, before anything is known of its script.</summary>
/// <param name="Seams">Who else watches it, and tools of its own.</param>
internal sealed record AskedRun(ulong Id, string Code, RunOptions? Options, byte[] Globals, IReadOnlyCollection<string> GlobalNames, RunSeams Seams)
{
    /// <summary>What makes it repeatable; null for the machine's own randomness and time.</summary>
    public RunCourse? Course { get; init; }

    /// <summary>Its audit records; null without an audit.</summary>
    public AuditTrail? Trail { get; init; }

    /// <summary>What measures it; null while nobody listens.</summary>
    public RunTelemetry? Telemetry { get; init; }

    /// <summary>Who is told of what happens in it.</summary>
    /// <param name="last">One more; null for none.</param>
    public IReadOnlyList<RunObserver> Observers(RunObserver? last)
    {
        if (Course is null && Trail is null && Telemetry is null && last is null) return Seams.Observers;
        return [.. Seams.Observers, .. new[] { Course, Trail, Telemetry, last }.OfType<RunObserver>()];
    }
}

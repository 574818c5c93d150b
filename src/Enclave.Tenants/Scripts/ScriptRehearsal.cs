namespace Enclave.Tenants;

/// <summary>A version against the recordings of earlier runs of its script.</summary>
/// <param name="Script">The script and version, as <c>report@4</c>.</param>
/// <param name="Runs">The runs, the newest first.</param>
public sealed record ScriptRehearsal(string Script, IReadOnlyList<RehearsedRun> Runs)
{
    /// <summary>True if there is a recording, and the version did the same with all of them.</summary>
    public bool IsEqual => Runs.Count > 0 && Runs.All((run) => run.Outcome == RehearsalOutcome.Equal);

    /// <summary>True if the version was activated.</summary>
    public bool IsActivated { get; init; }

    /// <summary>The number of runs with this outcome.</summary>
    public int Count(RehearsalOutcome outcome) => Runs.Count((run) => run.Outcome == outcome);
}

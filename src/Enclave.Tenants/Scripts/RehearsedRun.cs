namespace Enclave.Tenants;

/// <summary>One recorded run with another version of its script.</summary>
/// <param name="RunId">The id of the recorded run.</param>
/// <param name="Outcome">The outcome of the version.</param>
/// <param name="Difference">The first difference; null if there is none, or nothing ran.</param>
/// <param name="Why">Why nothing ran; null if it ran.</param>
public sealed record RehearsedRun(string RunId, RehearsalOutcome Outcome, ReplayDifference? Difference, string? Why);

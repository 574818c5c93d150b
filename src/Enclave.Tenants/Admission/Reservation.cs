namespace Enclave.Tenants.Admission;

/// <summary>The place of a run in quotas and ledger, or why it has none.</summary>
/// <param name="Run">The run with the most that it may use; null without a place.</param>
/// <param name="Row">Its row; null without a place, or if neither a ledger, a metric nor a quota counts the run.</param>
/// <param name="Hindrance">Why it has no place; null if it has one.</param>
internal sealed record Reservation(GateRun? Run, LedgerRow? Row, Hindrance? Hindrance);

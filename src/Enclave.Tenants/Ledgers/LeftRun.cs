namespace Enclave.Tenants.Ledgers;

/// <summary>A run that a killed process left.</summary>
/// <param name="Row">Its row.</param>
/// <param name="IsKnown">True if it ended before its process did, so that its use is known.</param>
/// <param name="Begun">Its begin, with its reservations; null if a journal that was cut has only its end.</param>
internal sealed record LeftRun(LedgerRow Row, bool IsKnown, JournalLine? Begun);

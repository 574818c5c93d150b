namespace Enclave.Diagnostics;

/// <summary>The durable runs of a store, of all tenants together.</summary>
/// <param name="Running">The runs that a host runs, or ran when it died.</param>
/// <param name="Suspended">The runs that wait.</param>
/// <param name="Held">The runs that an operator has to accept first, because their database was restored.</param>
/// <param name="Ended">The runs that have their result.</param>
/// <param name="Due">The runs that are due, and that no host has taken.</param>
/// <param name="Age">How long the oldest of the due runs is due. Runs that became due by an answer do not count.</param>
internal sealed record RunTotals(long Running, long Suspended, long Held, long Ended, long Due, TimeSpan Age);

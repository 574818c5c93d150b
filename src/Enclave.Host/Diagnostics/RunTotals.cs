namespace Enclave.Diagnostics;

/// <summary>The durable runs of a store, of all tenants together.</summary>
/// <param name="Running">Those that a host runs, or did when it died.</param>
/// <param name="Suspended">Those that wait.</param>
/// <param name="Held">Those that an operator has to accept first: their database was restored.</param>
/// <param name="Ended">Those that have their result.</param>
/// <param name="Due">Those that wait no longer, and that no host has taken.</param>
/// <param name="Age">How long the first of those whose moment has come is due. Runs that are due by an answer do not count.</param>
internal sealed record RunTotals(long Running, long Suspended, long Held, long Ended, long Due, TimeSpan Age);

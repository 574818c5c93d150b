namespace Enclave.Tenants.Quotas;

/// <summary>Keeps what hosts have taken of the budgets that they share.</summary>
internal interface IBudgetStore
{
    /// <summary>Takes a slice of a budget for this host: nothing if less than <paramref name="least"/> is left.</summary>
    /// <param name="key">The budget and its period.</param>
    /// <param name="most">The value of the budget, in units.</param>
    /// <param name="least">The least amount that the caller can use, in units.</param>
    /// <param name="need">The amount that a run needs now. The store gives more while much is left.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The slice, and what all hosts have taken with it.</returns>
    /// <exception cref="IOException">The store is away.</exception>
    ValueTask<(long Slice, long Taken)> TakeAsync(BudgetKey key, long most, long least, long need, CancellationToken cancellationToken);

    /// <summary>Gives back the units of this host's slices that it has not used. After a failure no host can use these units in this period.</summary>
    ValueTask GiveBackAsync(BudgetKey key, long units, CancellationToken cancellationToken);
}

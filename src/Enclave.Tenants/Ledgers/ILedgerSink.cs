namespace Enclave.Tenants;

/// <summary>Takes the rows of the ledger, for example into a database of the application.</summary>
public interface ILedgerSink
{
    /// <summary>
    /// Takes rows of runs that have ended, in the order of their ends. If it throws, the same rows come again after a pause, so a row may come twice: equal
    /// values of <see cref="LedgerRow.Id"/> are the same row.
    /// </summary>
    ValueTask WriteAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken);
}

using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Statements;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.PostgreSql.Leases;

/// <summary>Brokers and hosts that are dead: fences them, so that they can no longer write, and frees the runs that they had.</summary>
/// <param name="database">The database.</param>
/// <param name="own">The number of the caller's own lease.</param>
/// <param name="lease">How long the caller waits for a heartbeat at least.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class LostHolders(Database database, long own, TimeSpan lease, TimeProvider clock, ILogger log)
{
    private readonly Dictionary<long, (long Beat, long Since)> _silent = [];

    /// <summary>
    /// Fences a holder only if its lease has expired by the server's clock and its heartbeat has stood still for half a lease
    /// by ours. So a step of the server's clock alone fences no holder.
    /// </summary>
    /// <exception cref="Store.StoreException">The database is unavailable.</exception>
    public async Task FenceAsync(CancellationToken cancellationToken)
    {
        List<(long Holder, long Beat, TimeSpan Lease)> stale = await database.RowsAsync(
            SqlStatement.Stale,
            static (row) => (row.GetInt64(0), row.GetInt64(1), row.GetTimeSpan(2)),
            cancellationToken,
            lease).ConfigureAwait(false);
        foreach (long gone in _silent.Keys.Except(stale.Select((one) => one.Holder)).ToArray()) _silent.Remove(gone);
        foreach ((long holder, long beat, TimeSpan length) in stale)
        {
            if (holder == own) continue;
            if (!_silent.TryGetValue(holder, out (long Beat, long Since) seen) || seen.Beat != beat) _silent[holder] = (beat, clock.GetTimestamp());
            else if (clock.GetElapsedTime(seen.Since) >= length / 2 && (await database.RowsAsync(
                SqlStatement.Fence, static (row) => row.GetInt64(0), cancellationToken, holder, beat).ConfigureAwait(false)).Count > 0)
                StoreLog.Fenced(log, holder);
        }
    }

    /// <summary>Frees the runs of holders that have no lease. Returns the number of freed runs.</summary>
    /// <exception cref="Store.StoreException">The database is unavailable.</exception>
    public async Task<long> FreeAsync(CancellationToken cancellationToken) =>
        (await database.RowsAsync(RunStatement.Free, static (row) => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];

    /// <summary>The holders that were fenced and may have left data.</summary>
    /// <exception cref="Store.StoreException">The database is unavailable.</exception>
    public Task<List<long>> FencedAsync(CancellationToken cancellationToken) =>
        database.RowsAsync(SqlStatement.Fenced, static (row) => row.GetInt64(0), cancellationToken);

    /// <summary>Takes over what a fenced holder has counted, and forgets it if nothing else is left.</summary>
    /// <exception cref="Store.StoreException">The database is unavailable.</exception>
    public async Task ConcludeAsync(long holder, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(RunStatement.Fold, cancellationToken, holder).ConfigureAwait(false);
        await database.ExecuteAsync(SqlStatement.Concluded, cancellationToken, holder).ConfigureAwait(false);
    }
}

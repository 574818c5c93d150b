using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Statements;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.PostgreSql.Leases;

/// <summary>Fences brokers and hosts that are dead: they may no longer write.</summary>
/// <param name="database">The database.</param>
/// <param name="own">The number of the caller's own lease.</param>
/// <param name="lease">How long a lease is held without a heartbeat.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class StaleLeases(Database database, long own, TimeSpan lease, TimeProvider clock, ILogger log)
{
    private readonly Dictionary<long, (long Beat, long Since)> _silent = [];

    /// <summary>
    /// Fences a holder only if its lease has expired by the server's clock and its heartbeat has stood still for half a lease
    /// by ours. So a step of the server's clock alone fences nobody.
    /// </summary>
    /// <exception cref="Store.StoreException">The database is unavailable.</exception>
    public async Task FenceAsync(CancellationToken cancellationToken)
    {
        List<(long Holder, long Beat)> stale = await database.RowsAsync(
            SqlStatement.Stale, static (row) => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, lease).ConfigureAwait(false);
        foreach (long gone in _silent.Keys.Except(stale.Select((one) => one.Holder)).ToArray()) _silent.Remove(gone);
        foreach ((long holder, long beat) in stale)
        {
            if (holder == own) continue;
            if (!_silent.TryGetValue(holder, out (long Beat, long Since) seen) || seen.Beat != beat) _silent[holder] = (beat, clock.GetTimestamp());
            else if (clock.GetElapsedTime(seen.Since) >= lease / 2 && (await database.RowsAsync(
                SqlStatement.Fence, static (row) => row.GetInt64(0), cancellationToken, holder, beat).ConfigureAwait(false)).Count > 0)
                StoreLog.Fenced(log, holder);
        }
    }
}

using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Leases;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Store;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.PostgreSql.Runs;

/// <summary>The lease under which this host has runs. A host whose heartbeat stops may no longer write, and others take its runs.</summary>
/// <param name="number">Its number.</param>
/// <param name="database">The database.</param>
/// <param name="lease">How long it is held without a heartbeat.</param>
/// <param name="held">The runs that the host has, by their ids.</param>
/// <param name="freed">Called when runs of lost hosts were freed.</param>
/// <param name="log">The log.</param>
internal sealed class HostLease(long number, Database database, TimeSpan lease, Func<Guid, bool> held, Action freed, ILogger log)
{
    /// <summary>Heartbeats in the time of a lease.</summary>
    private const int Beats = 5;

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly StaleLeases _stale = new(database, number, lease, TimeProvider.System, log);
    private volatile bool _isOver, _isHeldBack;

    public long Number => number;

    /// <summary>True if another holder has declared this one dead.</summary>
    public bool IsOver => _isOver;

    /// <summary>Keeps the lease, and frees what lost hosts had.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        long hour = Environment.TickCount64;
        bool isReachable = true;
        while (!_isOver)
        {
            await Task.Delay(lease / Beats, cancellationToken).ConfigureAwait(false);
            try
            {
                if ((await database.RowsAsync(SqlStatement.Beat, static (row) => row.GetInt64(0), cancellationToken, number).ConfigureAwait(false)).Count == 0)
                {
                    _isOver = true;
                    StoreLog.HostLost(log, number);
                    return;
                }

                isReachable = true;
                await MaintainAsync(cancellationToken).ConfigureAwait(false);
                if (Environment.TickCount64 - hour < s_hour.TotalMilliseconds) continue;
                hour = Environment.TickCount64;
                await database.ExecuteAsync(SqlStatement.Maintain, cancellationToken).ConfigureAwait(false);
            }
            catch (StoreException fault)
            {
                if (isReachable) StoreLog.Unreachable(log, fault.Message);
                isReachable = false;
            }
        }
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        await _stale.FenceAsync(cancellationToken).ConfigureAwait(false);
        long free = (await database.RowsAsync(RunStatement.Free, static (row) => row.GetInt64(0), cancellationToken).ConfigureAwait(false))[0];
        foreach (long lost in await database.RowsAsync(SqlStatement.Fenced, static (row) => row.GetInt64(0), cancellationToken).ConfigureAwait(false))
        {
            await database.ExecuteAsync(RunStatement.Fold, cancellationToken, lost).ConfigureAwait(false);
            await database.ExecuteAsync(SqlStatement.Concluded, cancellationToken, lost).ConfigureAwait(false);
        }

        free += await FreeOwnAsync(cancellationToken).ConfigureAwait(false);
        if (free > 0) freed();
        bool isHeldBack = (await database.RowsAsync(
            RunStatement.HasForeign, static (row) => row.GetBoolean(0), cancellationToken, TimeProvider.System.GetUtcNow().UtcDateTime).ConfigureAwait(false))[0];
        if (isHeldBack && !_isHeldBack) StoreLog.RunsHeldBack(log);
        _isHeldBack = isHeldBack;
    }

    /// <summary>Frees the runs that this host has in the database and does not know of: the answer to a statement was lost.</summary>
    private async Task<long> FreeOwnAsync(CancellationToken cancellationToken)
    {
        List<(Guid Id, long Key, int Epoch)> own = await database.RowsAsync(
            RunStatement.Own, static (row) => (row.GetGuid(0), row.GetInt64(1), row.GetInt32(2)), cancellationToken, number).ConfigureAwait(false);
        // A run is known before it is taken, so that only what nobody knows is freed; and one that is taken meanwhile has another epoch.
        own.RemoveAll((run) => held(run.Id));
        if (own.Count == 0) return 0;
        return (await database.RowsAsync(
            RunStatement.FreeOwn,
            static (row) => row.GetInt64(0),
            cancellationToken,
            number,
            own.Select((run) => run.Key).ToArray(),
            own.Select((run) => run.Epoch).ToArray()).ConfigureAwait(false))[0];
    }
}

using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Store;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.PostgreSql.Leases;

/// <summary>The periodic work under a lease: polls for requests, fences dead brokers, ends their sessions and deletes expired rows.</summary>
internal sealed class LeaseMaintenance(BrokerLease lease, Database database, PostgreSqlStoreOptions options, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1), s_hour = TimeSpan.FromHours(1);

    private readonly OrphanedSessions _orphans = new(database);
    private readonly LostHolders _lost = new(database, lease.Broker, options.Lease, clock, log);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan interval = options.Poll < options.Heartbeat ? options.Poll : options.Heartbeat;
        long minute = clock.GetTimestamp(), hour = minute;
        while (true)
        {
            await TryAsync(() => lease.PollAsync(cancellationToken)).ConfigureAwait(false);
            if (lease.IsReachable) await TryAsync(() => _lost.FenceAsync(cancellationToken)).ConfigureAwait(false);
            await TryAsync(() => ConcludeAsync(cancellationToken)).ConfigureAwait(false);
            if (clock.GetElapsedTime(minute) >= s_minute)
            {
                minute = clock.GetTimestamp();
                await TryAsync(() => database.ExecuteAsync(SqlStatement.ExpireReferences, cancellationToken)).ConfigureAwait(false);
            }

            if (clock.GetElapsedTime(hour) >= s_hour)
            {
                hour = clock.GetTimestamp();
                await TryAsync(() => database.ExecuteAsync(SqlStatement.Maintain, cancellationToken)).ConfigureAwait(false);
            }

            await Task.Delay(interval, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ConcludeAsync(CancellationToken cancellationToken)
    {
        await _lost.FreeAsync(cancellationToken).ConfigureAwait(false);
        foreach (long broker in await _lost.FencedAsync(cancellationToken).ConfigureAwait(false))
        {
            int ended = await _orphans.ConcludeAsync(broker, null, cancellationToken).ConfigureAwait(false);
            if (ended > 0) StoreLog.Concluded(log, ended, broker);
            await _lost.ConcludeAsync(broker, cancellationToken).ConfigureAwait(false);
        }

        // The database may carry out an opening that this broker gave up long ago. The query lists this broker's sessions first, and the pending openings are
        // awaited afterwards: a session that still has no run then never gets one.
        List<long> unknown =
            await database.RowsAsync(SqlStatement.Mine, static (row) => row.GetInt64(0), cancellationToken, lease.Broker).ConfigureAwait(false);
        unknown.RemoveAll(lease.Runs);
        if (unknown.Count == 0) return;
        await lease.OpeningsAnswered.WaitAsync(cancellationToken).ConfigureAwait(false);
        long[] nobodys = [.. unknown.Where((key) => !lease.Runs(key))];
        if (nobodys.Length > 0)
            StoreLog.Concluded(log, await _orphans.ConcludeAsync(lease.Broker, nobodys, cancellationToken).ConfigureAwait(false), lease.Broker);
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (StoreException fault)
        {
            StoreLog.MaintenanceFailed(log, fault.Message);
        }
    }
}

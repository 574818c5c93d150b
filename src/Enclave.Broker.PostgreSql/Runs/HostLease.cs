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

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1), s_hour = TimeSpan.FromHours(1);

    private readonly LostHolders _lost = new(database, number, lease, TimeProvider.System, log);
    private volatile bool _isOver;
    private bool _isHeldBack;

    public long Number => number;

    /// <summary>True if another holder has declared this one dead.</summary>
    public bool IsOver => _isOver;

    /// <summary>Ends the lease: its host writes nothing more.</summary>
    public void End()
    {
        if (!_isOver) StoreLog.HostLost(log, number);
        _isOver = true;
    }

    /// <summary>Keeps the lease, and frees what lost hosts had.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task maintaining = MaintainAsync(end.Token);
        await BeatAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end.CancelAsync().ConfigureAwait(false);
        await maintaining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        bool isReachable = true;
        while (!_isOver)
        {
            await Task.Delay(lease / Beats, cancellationToken).ConfigureAwait(false);
            try
            {
                List<long> beats = await database.RowsAsync(
                    SqlStatement.Beat, static (row) => row.GetInt64(0), cancellationToken, number).ConfigureAwait(false);
                if (beats.Count == 0) End();
                isReachable = true;
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
        long minute = Environment.TickCount64, hour = minute;
        await TryAsync(() => LookForHeldBackAsync(cancellationToken)).ConfigureAwait(false);
        while (true)
        {
            await Task.Delay(lease / Beats, cancellationToken).ConfigureAwait(false);
            await TryAsync(() => _lost.FenceAsync(cancellationToken)).ConfigureAwait(false);
            await TryAsync(() => FreeAsync(cancellationToken)).ConfigureAwait(false);
            await TryAsync(() => ConcludeAsync(cancellationToken)).ConfigureAwait(false);
            if (Environment.TickCount64 - minute >= s_minute.TotalMilliseconds)
            {
                minute = Environment.TickCount64;
                await TryAsync(() => LookForHeldBackAsync(cancellationToken)).ConfigureAwait(false);
            }

            if (Environment.TickCount64 - hour >= s_hour.TotalMilliseconds)
            {
                hour = Environment.TickCount64;
                await TryAsync(() => database.ExecuteAsync(SqlStatement.Maintain, cancellationToken)).ConfigureAwait(false);
            }
        }
    }

    private async Task FreeAsync(CancellationToken cancellationToken)
    {
        long free = await _lost.FreeAsync(cancellationToken).ConfigureAwait(false) + await FreeOwnAsync(cancellationToken).ConfigureAwait(false);
        if (free > 0) freed();
    }

    private async Task ConcludeAsync(CancellationToken cancellationToken)
    {
        foreach (long holder in await _lost.FencedAsync(cancellationToken).ConfigureAwait(false))
            await _lost.ConcludeAsync(holder, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Logs that runs wait for an operator, once.</summary>
    private async Task LookForHeldBackAsync(CancellationToken cancellationToken)
    {
        bool isHeldBack = (await database.RowsAsync(
            RunStatement.HasForeign,
            static (row) => row.GetBoolean(0),
            cancellationToken,
            TimeProvider.System.GetUtcNow().UtcDateTime).ConfigureAwait(false))[0];
        if (isHeldBack && !_isHeldBack) StoreLog.RunsHeldBack(log);
        _isHeldBack = isHeldBack;
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

    /// <summary>Frees the runs that this host has in the database and does not know of: the answer to a statement was lost.</summary>
    private async Task<long> FreeOwnAsync(CancellationToken cancellationToken)
    {
        List<(Guid Id, long Key, int Epoch)> own = await database.RowsAsync(
            RunStatement.Own, static (row) => (row.GetGuid(0), row.GetInt64(1), row.GetInt32(2)), cancellationToken, number).ConfigureAwait(false);
        // The host notes a run before it takes it. A run that it takes after this statement has another epoch, and is not freed.
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

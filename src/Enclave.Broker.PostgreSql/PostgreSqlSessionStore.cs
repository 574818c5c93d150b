using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Fleet;
using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Leases;
using Enclave.Broker.PostgreSql.Schema;
using Enclave.Broker.PostgreSql.Sessions;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Journals;
using Enclave.Streaming.Peers;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>The sessions of every broker on one database.</summary>
internal sealed class PostgreSqlSessionStore : ISessionStore, IDisposable
{
    /// <summary>Openings of one owner wait for each other in the database. They wait here first, where waiting needs no connection.</summary>
    private const int Doors = 64;

    /// <summary>Connections to write, to listen, to renew the lease, and for maintenance: requests never delay these.</summary>
    private const string Application = "enclave-broker";

    private const int OwnConnections = 4;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>How long a start waits for the first answer of the server, and an end for the last.</summary>
    private static readonly TimeSpan s_firstTry = TimeSpan.FromSeconds(15), s_closing = TimeSpan.FromSeconds(5);

    private readonly PostgreSqlStoreOptions _options;
    private readonly BrokerOptions _broker;
    private readonly FleetTable _fleet;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Database _database;
    private readonly Database _own;
    private readonly ReaderSignals<long> _signals = new();
    private readonly StoredEvents _stored;
    private readonly SemaphoreSlim[] _doors = [.. Enumerable.Range(0, Doors).Select((_) => new SemaphoreSlim(1, 1))];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile BrokerLease? _lease;
    private Task _holding = Task.CompletedTask;

    public PostgreSqlSessionStore(PostgreSqlStoreOptions options, BrokerOptions broker, FleetTable fleet, TimeProvider clock, ILogger log)
    {
        (_options, _broker, _fleet, _clock, _log) = (options, broker, fleet, clock, log);
        _database = new Database(Database.Connect(options.ConnectionString, Application, options.MaxConnections - OwnConnections));
        _own = new Database(Database.Connect(options.ConnectionString, Application, OwnConnections), _database.Source);
        _stored = new StoredEvents(_database, _signals, options, () => _lease?.Broker, clock);
    }

    public bool IsReady => _lease is { IsReachable: true };

    public int Known => _lease?.Count ?? 0;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _holding = Task.Run(HoldAsync, CancellationToken.None);
        try
        {
            await _tried.Task.WaitAsync(s_firstTry, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A server that hangs does not delay the start. The broker is then not ready, as when the server is unavailable.
        }
    }

    public async ValueTask<AdmitOutcome> AdmitAsync(BrokerSession session, CancellationToken cancellationToken)
    {
        if (_lease is not { IsReachable: true } lease) return AdmitOutcome.Refused(BrokerError.StoreUnavailable);
        string owner = OwnerKey.Of(session.Caller.Owner);
        long hash = BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(owner)));
        SemaphoreSlim door = _doors[(int)((ulong)hash % Doors)];
        if (!await door.WaitAsync(Database.StatementTime, cancellationToken).ConfigureAwait(false))
            return AdmitOutcome.Refused(BrokerError.StoreUnavailable);
        Opening opening;
        TaskCompletionSource asked = lease.BeginOpening();
        try
        {
            opening = await OpenAsync(lease, owner, hash, session).ConfigureAwait(false);
            if (opening.Key is { } key)
            {
                var owned = new OwnedSession(session, key, owner, _stored, lease);
                lease.Add(owned);
                return AdmitOutcome.Taken(owned);
            }
        }
        catch (StoreException fault)
        {
            StoreLog.Unreachable(_log, fault.Message);
            return AdmitOutcome.Refused(BrokerError.StoreUnavailable);
        }
        finally
        {
            lease.EndOpening(asked);
            door.Release();
        }

        if (!opening.HasLease)
        {
            lease.Revoke("another broker declared it dead");
            return AdmitOutcome.Refused(BrokerError.StoreUnavailable);
        }

        if (opening.KnownId is { } known)
        {
            if (!session.Request.Digest.Span.SequenceEqual(opening.KnownDigest)) return AdmitOutcome.Refused(BrokerError.KeyReused);
            return await FindAsync(session.Caller, known, cancellationToken).ConfigureAwait(false) is { } again
                ? AdmitOutcome.Again(again)
                : AdmitOutcome.Refused(BrokerError.Exists(known));
        }

        if (!opening.IsGranted) return AdmitOutcome.Refused(BrokerError.RateLimited(TimeSpan.FromMinutes((1 - opening.Tokens) / _broker.RequestsPerMinute)));
        return AdmitOutcome.Refused(opening.Exists ? BrokerError.Exists(session.Id) : BrokerError.OwnerFull(_broker.MaxSessionsPerOwner));
    }

    public async ValueTask<ISessionView?> FindAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        // An invalid name belongs to no session, and may contain characters that the database refuses.
        if (!SessionRequest.IsName(id)) return null;
        string owner = OwnerKey.Of(caller.Owner);
        if (_lease?.Find(owner, id) is { } owned) return owned;
        List<SessionRow> rows = await _database.AskAsync(SqlStatement.Find, SessionRow.Read, cancellationToken, owner, id).ConfigureAwait(false);
        return rows.Count == 0 ? null : new StoredSession(rows[0], _stored);
    }

    public async ValueTask<IReadOnlyList<ISessionView>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        string owner = OwnerKey.Of(caller.Owner);
        List<SessionRow> rows = await _database.AskAsync(SqlStatement.List, SessionRow.Read, cancellationToken, owner).ConfigureAwait(false);
        return [.. rows.Select((row) => (ISessionView?)_lease?.Find(owner, row.Id) ?? new StoredSession(row, _stored))];
    }

    public async ValueTask<bool> RemoveAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        if (!SessionRequest.IsName(id)) return false;
        string owner = OwnerKey.Of(caller.Owner);
        List<long> forgotten =
            await _database.RowsAsync(SqlStatement.Forget, static (row) => row.GetInt64(0), cancellationToken, owner, id).ConfigureAwait(false);
        if (_lease is { } lease && lease.Find(owner, id) is { } owned && forgotten.Contains(owned.Key.Number))
        {
            owned.Session.Stop(SessionEnd.Cancelled(null));
            lease.Forget(owned);
        }

        return forgotten.Count > 0;
    }

    /// <summary>Does nothing: the last event changes the row when it is written.</summary>
    public void OnFinalEvent(BrokerSession session)
    {
    }

    public void OnRunEnded(BrokerSession session) =>
        _ = session.Ended.ContinueWith((_) => session.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>Does nothing: the database deletes whole days.</summary>
    public void Sweep()
    {
    }

    public async Task DrainingAsync()
    {
        if (_lease is not { IsReachable: true } lease) return;
        try
        {
            await _database.ExecuteAsync(SqlStatement.Drain, CancellationToken.None, lease.Broker).ConfigureAwait(false);
        }
        catch (StoreException fault)
        {
            // The mark is only information for operators.
            StoreLog.Unreachable(_log, fault.Message);
        }
    }

    /// <summary>Sends the report of a part to all brokers on the database.</summary>
    public async Task TellAsync(ReadOnlyMemory<byte> part)
    {
        if (_lease is not { IsReachable: true }) return;
        try
        {
            await _database.ExecuteAsync(SqlStatement.TellFleet, _stop.Token, Encoding.UTF8.GetString(part.Span)).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is StoreException or OperationCanceledException or ObjectDisposedException)
        {
            // The next report follows shortly, and health checks report whether the store is available.
        }
    }

    public async Task FlushAsync(TimeSpan patience)
    {
        // The last event of every session is written or never will be. Give the lease back, so that no broker waits for it to expire.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _holding.WaitAsync(patience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        // Npgsql may still wait for a server's answer, and does not notice the cancellation meanwhile: wait for a bounded time only.
        await _holding.WaitAsync(s_closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _database.DisposeAsync().ConfigureAwait(false);
        await _own.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));

    /// <summary>Keeps taking leases, one after another, until the broker stops.</summary>
    private async Task HoldAsync()
    {
        BrokerLease? before = null;
        bool migrated = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!migrated && _options.OwnerConnectionString is { } owner) await PostgreSqlSchema.MigrateAsync(
                    owner, new NpgsqlConnectionStringBuilder(_options.ConnectionString).Username!, _stop.Token).ConfigureAwait(false);
                migrated = true;
                if (before is not null) await _database.ExecuteAsync(SqlStatement.Resign, _stop.Token, before.Broker).ConfigureAwait(false);
                await PostgreSqlSchema.CheckAsync(_database.Source, _stop.Token).ConfigureAwait(false);
                await _database.ExecuteAsync(SqlStatement.Maintain, _stop.Token).ConfigureAwait(false);
                long asked = _clock.GetTimestamp();
                long broker = (await _database.RowsAsync(
                    SqlStatement.Register, static (row) => row.GetInt64(0), _stop.Token, _options.Name, PeerProtocol.Ours.Version).ConfigureAwait(false))[0];
                StoreLog.Registered(_log, broker);
                if (before is null && await BrokerRights.ExcessAsync(_database, _stop.Token).ConfigureAwait(false) is { Count: > 0 } excess)
                    StoreLog.ExcessRights(_log, string.Join(", ", excess));
                _lease = before = new BrokerLease(broker, asked, _own, _options, _signals, _fleet, _clock, _log);
                _tried.TrySetResult();
                await before.HoldAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (SchemaException fault)
            {
                StoreLog.Unusable(_log, fault.Message);
            }
            // A server may announce more than there is memory for.
            catch (Exception fault) when (fault is StoreException or OutOfMemoryException || Database.IsOutage(fault))
            {
                StoreLog.Unreachable(_log, fault.Message);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }

            _lease = null;
            _tried.TrySetResult();
            await Task.Delay(s_pause, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (before is not null) await GiveBackAsync(before).ConfigureAwait(false);
    }

    private async Task GiveBackAsync(BrokerLease lease)
    {
        try
        {
            await _database.ExecuteAsync(SqlStatement.Resign, CancellationToken.None, lease.Broker).ConfigureAwait(false);
        }
        catch (StoreException fault)
        {
            StoreLog.Unreachable(_log, fault.Message);
        }
    }

    private async Task<Opening> OpenAsync(BrokerLease lease, string owner, long hash, BrokerSession session)
    {
        SessionRequest request = session.Request;
        object?[] values =
        [
            lease.Broker, owner,
            session.Id, OwnerKey.Text(session.Caller.Tenant), Terms(session.Terms), session.Ciphers is not null, session.Terms.Ttl, request.IdempotencyKey,
            request.IdempotencyKey is null ? null : request.Digest.ToArray(), (double)_broker.RequestsPerMinute, (long)_broker.MaxSessionsPerOwner,
        ];
        // The caller may disconnect meanwhile: a session is opened completely or not at all.
        (_, List<Opening> openings) = await _database.BothAsync(SqlStatement.LockOwner, [hash], static (_) => true,
            SqlStatement.Open, values, Opening.Read, CancellationToken.None).ConfigureAwait(false);
        return openings[0];
    }

    private static string Terms(EnclaveSessionOptions terms) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"ttlMs":{{(long)terms.Ttl.TotalMilliseconds}},"maxToolCalls":{{terms.MaxToolCalls}}""" +
        $$""","toolTimeoutMs":{{(long)terms.ToolTimeout.TotalMilliseconds}},"maxStdoutBytes":{{terms.MaxConsoleBytes}}}""");
}

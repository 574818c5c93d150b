using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Leases;
using Enclave.Broker.PostgreSql.Messages;
using Enclave.Broker.PostgreSql.Runs;
using Enclave.Broker.PostgreSql.Schema;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Store;
using Enclave.Diagnostics;
using Enclave.Journals;
using Enclave.Streaming.Peers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>Keeps durable runs in a database: any host that shares it goes on with any run (docs/durable-runs.md).</summary>
public sealed class PostgreSqlRunStore : RunStore
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15), s_poll = TimeSpan.FromSeconds(2), s_pause = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource? _own;
    private readonly Database _database;
    private readonly ILogger _log;
    private readonly RunWriter _writer;
    private readonly Task _writing;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _registering = new(1, 1);
    private readonly ConcurrentDictionary<Guid, RunKey> _held = new();
    private readonly ConcurrentDictionary<long, RunKey> _byNumber = new();
    private readonly List<Task> _work = [];
    private volatile HostLease? _host;

    /// <summary>Creates a store in a database with a migrated schema (<see cref="PostgreSqlSchema"/>), with connections of its own.</summary>
    /// <param name="connectionString">Connects as the brokers' role.</param>
    /// <param name="log">The log; null for none.</param>
    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    public PostgreSqlRunStore(string connectionString, ILogger<PostgreSqlRunStore>? log = null)
        : this(Connect(connectionString), log) => _own = _source;

    /// <summary>Creates a store in a database with a migrated schema (<see cref="PostgreSqlSchema"/>).</summary>
    /// <param name="source">Connects as the brokers' role. The caller disposes it after the store. One of its connections receives messages.</param>
    /// <param name="log">The log; null for none.</param>
    public PostgreSqlRunStore(NpgsqlDataSource source, ILogger<PostgreSqlRunStore>? log = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_source, _database, _log) = (source, new Database(source), SafeLogger.Of(log ?? (ILogger)NullLogger.Instance));
        _writer = new RunWriter(source, s_patience);
        _writing = Task.Run(_writer.RunAsync);
    }

    /// <summary>
    /// How long a host has its runs without a heartbeat. Then others go on with them. The same for all hosts and brokers of the database. Range: 1 s to
    /// 10 min. Default: 10 s.
    /// </summary>
    public TimeSpan Lease
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(10));
            field = value;
        }
    }
    = TimeSpan.FromSeconds(10);

    internal override TimeSpan? PollInterval => s_poll;

    /// <summary>
    /// Lets runs go on whose database was restored from a backup or promoted since a host had them. Their tools may have been called after the moment from
    /// which the database was restored, and are called again: look at them first.
    /// </summary>
    /// <param name="name">The run; null for all runs of all tenants.</param>
    /// <param name="tenant">Its tenant; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of runs that waited for this.</returns>
    /// <exception cref="JournalException">The database is unavailable.</exception>
    public async Task<int> AcceptRestoreAsync(string? name = null, string? tenant = null, CancellationToken cancellationToken = default)
    {
        object? id = name is null ? null : RowId.Of(new RunKey(tenant, name));
        List<long> accepted = await AskAsync(RunStatement.Accept, static (row) => row.GetInt64(0), cancellationToken, id).ConfigureAwait(false);
        Wake(default);
        return (int)accepted[0];
    }

    /// <summary>Waits for what is being written, and gives the host's lease back.</summary>
    public override async ValueTask DisposeAsync()
    {
        _writer.Complete();
        await _writing.ConfigureAwait(false);
        await _registering.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_stop.IsCancellationRequested) return;
            await _stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_host is { } host) await _database.ExecuteAsync(SqlStatement.Resign, CancellationToken.None, host.Number).ConfigureAwait(false);
        }
        catch (StoreException fault)
        {
            StoreLog.Unreachable(_log, fault.Message);
        }
        finally
        {
            if (_own is not null) await _own.DisposeAsync().ConfigureAwait(false);
            _registering.Release();
        }
    }

    internal override async ValueTask<IRunLease?> CreateAsync(StoredRun run, ReadOnlyMemory<byte> entries, CancellationToken cancellationToken)
    {
        HostLease host = await RegisteredAsync(cancellationToken).ConfigureAwait(false);
        if (!_held.TryAdd(RowId.Of(run.Key), run.Key)) return null;
        long key = 0;
        try
        {
            // The caller may leave meanwhile: a run is made completely or not at all.
            key = await WriteAsync(new RunChange(host.Number, run, entries)).ConfigureAwait(false);
            return key == 0 ? null : Hold(new RunLease(this, host.Number, key, 1, run), run.Key, key);
        }
        finally
        {
            if (key == 0) Forget(run.Key, 0);
        }
    }

    internal override async ValueTask<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken) =>
        (await AskAsync(RunStatement.Find, (row) => Expect(ReadRun(row), key), cancellationToken, RowId.Of(key)).ConfigureAwait(false)).FirstOrDefault();

    internal override async ValueTask<IRunLease?> TakeAsync(RunKey key, CancellationToken cancellationToken)
    {
        HostLease host = await RegisteredAsync(cancellationToken).ConfigureAwait(false);
        Guid id = RowId.Of(key);
        if (!_held.TryAdd(id, key)) return null;
        IRunLease? lease = null;
        try
        {
            // Not cancelled: whether the run was taken has to be known.
            List<(bool IsOurs, long Key, int Epoch, StoredRun? Run)> rows = await AskAsync(
                RunStatement.Take,
                static (row) => (row.GetBoolean(0), row.IsDBNull(1) ? 0 : row.GetInt64(1), row.IsDBNull(1) ? 0 : row.GetInt32(2),
                    row.IsDBNull(1) ? null : ReadRun(row, 3)),
                CancellationToken.None,
                host.Number,
                id).ConfigureAwait(false);
            if (rows is not [var taken]) throw new JournalException(JournalFault.NotFound, $"there is no durable run {key.Name}");
            if (!taken.IsOurs) throw new JournalException(
                JournalFault.Refused,
                $"the database was restored or promoted since a host had {key.Name}: tools that it called afterwards would be called again. An operator has "
                + "to accept it (PostgreSqlRunStore.AcceptRestoreAsync)");
            if (taken.Run is null) return null;
            return lease = Hold(new RunLease(this, host.Number, taken.Key, taken.Epoch, Expect(taken.Run, key)), key, taken.Key);
        }
        finally
        {
            // A run that was taken and not handed over is freed at the next heartbeat.
            if (lease is null) Forget(key, 0);
        }
    }

    internal override async ValueTask<(StoredRun Run, ReadOnlyMemory<byte> Entries)?> ReadAsync(
        RunKey key, long maxBytes, CancellationToken cancellationToken)
    {
        List<(StoredRun Run, long Bytes, byte[]? Entries)> rows = await AskAsync(
            RunStatement.Read,
            static (row) => (ReadRun(row), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3)),
            cancellationToken,
            RowId.Of(key),
            maxBytes).ConfigureAwait(false);
        if (rows is not [var read]) return null;
        if (read.Bytes > maxBytes) throw new JournalException(JournalFault.Refused, $"the journal has {read.Bytes} bytes, and {maxBytes} are allowed");
        return (Expect(read.Run, key), read.Entries ?? []);
    }

    internal override async ValueTask<IReadOnlyList<RunKey>> DueAsync(
        DateTimeOffset now, int limit, IReadOnlySet<RunKey> except, CancellationToken cancellationToken)
    {
        await RegisteredAsync(cancellationToken).ConfigureAwait(false);
        const int Hosts = 4;
        List<StoredRun> due = await AskAsync(
            RunStatement.Due,
            static (row) => ReadRun(row),
            cancellationToken,
            now.UtcDateTime,
            except.Select(RowId.Of).ToArray(),
            Hosts * limit).ConfigureAwait(false);
        // Of a flood each host takes others, in their order.
        if (due.Count <= limit) return [.. due.Select((run) => run.Key)];
        int[] chosen = [.. Enumerable.Range(0, due.Count)];
        Random.Shared.Shuffle(chosen);
        return [.. chosen.Take(limit).Order().Select((index) => due[index].Key)];
    }

    internal override async ValueTask<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        List<DateTime> next = await AskAsync(
            RunStatement.NextDue, static (row) => row.GetDateTime(0), cancellationToken, after.UtcDateTime).ConfigureAwait(false);
        return next is [var time] ? new DateTimeOffset(time, TimeSpan.Zero) : null;
    }

    internal override async ValueTask<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken)
    {
        List<StoredRun> runs = await AskAsync(
            RunStatement.FindByToken, static (row) => ReadRun(row), cancellationToken, RowId.OfToken(token)).ConfigureAwait(false);
        return runs is [var run] && run.Waits.Any((wait) => wait.Token == token) ? run : null;
    }

    internal override async ValueTask<bool> TryAnswerAsync(StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        // Not repeated after an outage: the caller has to know whether this answer counts.
        List<bool> answered = await GuardedAsync(() => _database.RowsAsync(
            RunStatement.TryAnswer,
            static (_) => true,
            cancellationToken,
            RowId.Of(run.Key),
            run.Journal,
            RowId.OfToken(wait.Token),
            Database.Bytes(answer),
            _host?.Number ?? 0)).ConfigureAwait(false);
        if (answered.Count > 0) Wake(run.Key);
        return answered.Count > 0;
    }

    internal override async ValueTask<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        object? state = query.State is { } wanted ? (short)wanted : null;
        object before = query.Before?.UtcDateTime ?? DateTime.MaxValue;
        return await (query.AllTenants
            ? AskAsync(RunStatement.List, static (row) => ReadRun(row), cancellationToken, state, before, query.Limit)
            : AskAsync(RunStatement.ListOfTenant, static (row) => ReadRun(row), cancellationToken, state, before, query.Limit, RowId.OfTenant(query.Tenant)))
            .ConfigureAwait(false);
    }

    internal override async ValueTask<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken)
    {
        (long runs, long bytes) = (await AskAsync(
            RunStatement.Usage, static (row) => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, RowId.OfTenant(tenant)).ConfigureAwait(false))[0];
        return ((int)Math.Clamp(runs, 0, int.MaxValue), Math.Max(0, bytes));
    }

    internal override async ValueTask<bool> DeleteAsync(RunKey key, CancellationToken cancellationToken) =>
        (await AskAsync(RunStatement.Delete, static (_) => true, cancellationToken, RowId.Of(key), _host?.Number ?? 0).ConfigureAwait(false)).Count > 0;

    internal async Task<long> WriteAsync(RunChange change) => await _writer.AddAsync(change).ConfigureAwait(false);

    internal async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(StoredWait wait, long run, long maxBytes)
    {
        if (wait.Token.Length == 0) return null;
        List<(int? Bytes, byte[]? Answer)> rows = await AskAsync(
            RunStatement.Answer,
            static (row) => (row.IsDBNull(0) ? (int?)null : row.GetInt32(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
            CancellationToken.None,
            RowId.OfToken(wait.Token),
            run,
            maxBytes).ConfigureAwait(false);
        if (rows is not [var (bytes, answer)] || bytes is null) return null;
        return answer ?? throw new JournalException(JournalFault.Refused, $"the answer has {bytes} bytes, and {maxBytes} are allowed");
    }

    internal void Forget(RunKey key, long number)
    {
        _held.TryRemove(RowId.Of(key), out _);
        _byNumber.TryRemove(number, out _);
    }

    private static NpgsqlDataSource Connect(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        NpgsqlConnectionStringBuilder connection = builder.ConnectionStringBuilder;
        int seconds = (int)BrokerLease.StatementTime.TotalSeconds;
        (connection.MaxAutoPrepare, connection.CommandTimeout, connection.Timeout, connection.KeepAlive) = (40, seconds, seconds, seconds);
        connection.ApplicationName ??= "enclave-runs";
        return builder.Build();
    }

    private RunLease Hold(RunLease lease, RunKey key, long number)
    {
        _byNumber[number] = key;
        return lease;
    }

    /// <summary>The lease of this host, which it takes when it first writes or looks for runs that are due.</summary>
    private async ValueTask<HostLease> RegisteredAsync(CancellationToken cancellationToken)
    {
        if (_host is { IsOver: false } host) return host;
        await _registering.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_host is { IsOver: false } other) return other;
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            await CheckSchemaAsync(cancellationToken).ConfigureAwait(false);
            string name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId} (runs)");
            long number = (await GuardedAsync(() => _database.RowsAsync(
                SqlStatement.Register, static (row) => row.GetInt64(0), CancellationToken.None, name, PeerProtocol.Ours.Version)).ConfigureAwait(false))[0];
            var fresh = new HostLease(number, _database, Lease, _held.ContainsKey, () => Wake(default), _log);
            if (_host is null) _work.Add(ListenAsync());
            _work.Add(fresh.HoldAsync(_stop.Token));
            return _host = fresh;
        }
        finally
        {
            _registering.Release();
        }
    }

    private async Task CheckSchemaAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PostgreSqlSchema.CheckAsync(_source, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is SchemaException || Database.IsOutage(fault))
        {
            throw new JournalException(JournalFault.Unavailable, $"the database of durable runs cannot be used: {fault.Message}", fault);
        }
    }

    private Task ListenAsync()
    {
        var channels = new Dictionary<string, Action<string>> { [RunStatement.Channel] = Take };
        return new Mailbox(_database, channels, () => Wake(default), TimeProvider.System, _log).RunAsync(_stop.Token);

        // The message names the row of a run. If this host has it, it looks for answers.
        void Take(string message) => Wake(long.TryParse(message, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && _byNumber.TryGetValue(number, out RunKey key) ? key : default);
    }

    private Task<List<T>> AskAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        GuardedAsync(() => _database.AskAsync(sql, read, cancellationToken, values));

    private static async Task<T> GuardedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (StoreException fault)
        {
            throw new JournalException(JournalFault.Unavailable, $"the database of durable runs failed: {fault.Message}", fault);
        }
    }

    private static StoredRun ReadRun(NpgsqlDataReader row, int column = 0)
    {
        if (row.IsDBNull(column)) throw new JournalException(JournalFault.Refused, "the row of a durable run is too long");
        StoredRun run = StoredRunFormat.Read(row.GetFieldValue<byte[]>(column));
        return row.GetBoolean(column + 1) ? run with { Due = DateTimeOffset.UnixEpoch } : run;
    }

    private static StoredRun Expect(StoredRun run, RunKey key) =>
        run.Key == key ? run : throw new JournalException(JournalFault.Refused, $"the row of {key.Name} is the row of another run");
}

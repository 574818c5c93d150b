using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Messages;
using Enclave.Broker.PostgreSql.Runs;
using Enclave.Broker.PostgreSql.Schema;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Store;
using Enclave.Diagnostics;
using Enclave.Journals;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>Keeps durable runs in a database: each host that shares the database can continue each run (docs/durable-runs.md).</summary>
public sealed class PostgreSqlRunStore : RunStore
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15), s_poll = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource? _own;
    private readonly Database _database;
    private readonly ILogger _log;
    private readonly RunTable _table;
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
        : this(Database.Connect(connectionString, "enclave-runs"), log) => _own = _source;

    /// <summary>Creates a store in a database with a migrated schema (<see cref="PostgreSqlSchema"/>).</summary>
    /// <param name="source">Connects as the brokers' role. The caller disposes it after the store. One of its connections receives messages.</param>
    /// <param name="log">The log; null for none.</param>
    public PostgreSqlRunStore(NpgsqlDataSource source, ILogger<PostgreSqlRunStore>? log = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_source, _database, _log) = (source, new Database(source), SafeLogger.Of(log ?? (ILogger)NullLogger.Instance));
        _table = new RunTable(_database, _log);
        _writer = new RunWriter(source, s_patience);
        _writing = Task.Run(_writer.RunAsync);
    }

    /// <summary>
    /// How long this host keeps its runs without a heartbeat. After this time other hosts continue them. Range: 1 s to
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
            key = await _writer.AddAsync(new RunChange(host.Number, run, entries)).ConfigureAwait(false);
            return key == 0 ? null : Hold(host.Number, key, 1, run);
        }
        finally
        {
            if (key == 0) Forget(run.Key, 0);
        }
    }

    internal override async ValueTask<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken) =>
        await _table.FindAsync(key, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask<IRunLease?> TakeAsync(RunKey key, TakePurpose purpose, CancellationToken cancellationToken)
    {
        HostLease host = await RegisteredAsync(cancellationToken).ConfigureAwait(false);
        if (!_held.TryAdd(RowId.Of(key), key)) return null;
        IRunLease? lease = null;
        try
        {
            (long number, int epoch, StoredRun run)? taken = await _table.TakeAsync(host, key, purpose).ConfigureAwait(false);
            if (taken is null) return null;
            return lease = Hold(host.Number, taken.Value.number, taken.Value.epoch, taken.Value.run);
        }
        finally
        {
            // A run that was taken and not handed over is freed at the next heartbeat.
            if (lease is null) Forget(key, 0);
        }
    }

    internal override async ValueTask<(StoredRun Run, Memory<byte> Entries)?> ReadAsync(
        RunKey key, long maxBytes, CancellationToken cancellationToken) => await _table.ReadAsync(key, maxBytes, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask<IReadOnlyList<RunKey>> DueAsync(
        DateTimeOffset now, int limit, IReadOnlySet<RunKey> except, IReadOnlySet<string> passed, CancellationToken cancellationToken)
    {
        await RegisteredAsync(cancellationToken).ConfigureAwait(false);
        const int Hosts = 4;
        List<RunKey> due = await _table.DueAsync(now, Hosts * limit, except, passed, cancellationToken).ConfigureAwait(false);
        // When many runs are due, each host takes a random part of them, so that hosts do not all take the same ones.
        if (due.Count <= limit) return due;
        int[] chosen = [.. Enumerable.Range(0, due.Count)];
        Random.Shared.Shuffle(chosen);
        return [.. chosen.Take(limit).Order().Select((index) => due[index])];
    }

    internal override async ValueTask<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancellationToken) =>
        await _table.NextDueAsync(after, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken) =>
        await _table.FindByTokenAsync(token, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask<bool> TryAnswerAsync(StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        bool isFirst = await _table.TryAnswerAsync(_host?.Number ?? 0, run, wait, answer, cancellationToken).ConfigureAwait(false);
        if (isFirst) Wake(run.Key);
        return isFirst;
    }

    internal override async ValueTask<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken) =>
        await _table.ListAsync(query, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken) =>
        await _table.UsageAsync(tenant, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask<bool> DeleteAsync(RunKey key, RemovePurpose purpose, CancellationToken cancellationToken) =>
        await _table.DeleteAsync(_host?.Number ?? 0, key, purpose, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask<RunTotals> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await _table.CountAsync(now, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask<int> AcceptAsync(RunKey? key, CancellationToken cancellationToken)
    {
        int accepted = await _table.AcceptAsync(key, cancellationToken).ConfigureAwait(false);
        Wake(default);
        return accepted;
    }

    private RunLease Hold(long host, long number, int epoch, StoredRun run)
    {
        _byNumber[number] = run.Key;
        return new RunLease(_table, _writer, host, number, epoch, run, () => Leave(run.Key, number));
    }

    private void Leave(RunKey key, long number)
    {
        Forget(key, number);
        Wake(key);
    }

    private void Forget(RunKey key, long number)
    {
        _held.TryRemove(RowId.Of(key), out _);
        _byNumber.TryRemove(number, out _);
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
            long number = await _table.RegisterAsync(name, Lease).ConfigureAwait(false);
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
}

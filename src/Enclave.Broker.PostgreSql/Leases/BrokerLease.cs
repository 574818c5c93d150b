using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Enclave.Broker.Fleet;
using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Messages;
using Enclave.Broker.PostgreSql.Sessions;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.PostgreSql.Writing;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Journals;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.PostgreSql.Leases;

/// <summary>
/// The lease under which this broker writes, and the sessions that it runs under it. When the lease is
/// lost, these sessions end. The next lease has another number.
/// </summary>
internal sealed class BrokerLease : IBrokerLease
{
    private readonly ConcurrentDictionary<long, OwnedSession> _sessions = new();
    private readonly ConcurrentDictionary<(string Owner, string Id), OwnedSession> _names = new();
    private readonly ConcurrentDictionary<TaskCompletionSource, bool> _openings = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Database _database;
    private readonly PostgreSqlStoreOptions _options;
    private readonly ReaderSignals<long> _signals;
    private readonly FleetTable _fleet;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly LogWriter _writer;
    private readonly LeaseProof _proof;
    private volatile bool _isReachable = true;
    private int _isOver;

    /// <param name="broker">Its number.</param>
    /// <param name="asked">The time by the clock before it was asked for.</param>
    /// <param name="database">The database.</param>
    /// <param name="options">The options of the store.</param>
    /// <param name="signals">Readers that wait for events.</param>
    /// <param name="fleet">The figures of all brokers.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">The log.</param>
    public BrokerLease(
        long broker, long asked, Database database, PostgreSqlStoreOptions options, ReaderSignals<long> signals, FleetTable fleet, TimeProvider clock,
        ILogger log)
    {
        (Broker, _database, _options, _signals, _fleet, _clock, _log) = (broker, database, options, signals, fleet, clock, log);
        _proof = new LeaseProof(clock, options.Patience, asked);
        _writer = new LogWriter(database, broker, options, clock, Revoke);
    }

    /// <summary>The lease's number, which every write carries.</summary>
    public long Broker { get; }

    public int Count => _sessions.Count;

    /// <summary>True if the last heartbeat succeeded.</summary>
    public bool IsReachable => _isReachable && !IsOver;

    public bool IsOver => Volatile.Read(ref _isOver) != 0;

    /// <summary>Completes when every opening requested so far is answered or given up, and its session runs.</summary>
    public Task OpeningsAnswered => Task.WhenAll(_openings.Keys.Select((opening) => opening.Task));

    public bool Runs(long session) => _sessions.ContainsKey(session);

    public OwnedSession? Find(string owner, string id) => _names.GetValueOrDefault((owner, id));

    /// <summary>Registers an opening before the database is asked for it. The caller completes the returned source.</summary>
    public TaskCompletionSource BeginOpening()
    {
        var opening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _openings.TryAdd(opening, true);
        return opening;
    }

    public void EndOpening(TaskCompletionSource opening)
    {
        _openings.TryRemove(opening, out _);
        opening.SetResult();
    }

    /// <summary>Adds a session that begins.</summary>
    public void Add(OwnedSession owned)
    {
        owned.Session.Events.KeepIn(owned);
        _sessions[owned.Key.Number] = owned;
        _names[(owned.Owner, owned.Id)] = owned;
        if (IsOver) owned.Abandon();
    }

    /// <summary>Frees the session's name, so that another session may use it.</summary>
    public void Forget(OwnedSession owned) => _names.TryRemove(new KeyValuePair<(string, string), OwnedSession>((owned.Owner, owned.Id), owned));

    public void Write(StoredLine line) => _writer.Add(line);

    public void Remove(OwnedSession owned)
    {
        _sessions.TryRemove(owned.Key.Number, out _);
        Forget(owned);
    }

    /// <summary>Keeps the lease until it is lost or given back.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        var channels = new Dictionary<string, Action<string>>
        {
            [string.Create(CultureInfo.InvariantCulture, $"enclave_{Broker}")] = Take,
            [SqlStatement.FleetChannel] = TakeFleet,
        };
        var mailbox = new Mailbox(_database, channels, _signals.SignalAll, _clock, _log);
        var maintenance = new LeaseMaintenance(this, _database, _options, _clock, _log);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] work = [BeatAsync(end.Token), _writer.RunAsync(end.Token), mailbox.RunAsync(end.Token), maintenance.RunAsync(end.Token)];
        await Task.WhenAny([_over.Task, .. work]).ConfigureAwait(false);
        Revoke("the broker is stopping");
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends the lease: nothing more is written under it, and another broker ends its sessions.</summary>
    public void Revoke(string why)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        if (!_sessions.IsEmpty) StoreLog.Lost(_log, Broker, _sessions.Count, why);
        // On another thread: the caller may hold the lock of a session's events.
        _ = Task.Run(() =>
        {
            _over.TrySetResult();
            foreach (OwnedSession owned in _sessions.Values) owned.Abandon();
        });
    }

    /// <summary>Reads the requests to this broker that are stored in the database.</summary>
    /// <exception cref="StoreException">The database is unavailable.</exception>
    public async Task PollAsync(CancellationToken cancellationToken)
    {
        foreach ((long key, byte[]? reason) in await _database.RowsAsync(SqlStatement.Cancelled,
            static (row) => (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)), cancellationToken, Broker).ConfigureAwait(false))
        {
            Stop(key, reason);
        }

        foreach ((long key, byte[] answer) in await _database.RowsAsync(
            SqlStatement.AllAnswered, static (row) => (row.GetInt64(0), row.GetFieldValue<byte[]>(2)), cancellationToken, Broker).ConfigureAwait(false))
        {
            if (_sessions.TryGetValue(key, out OwnedSession? owned)) _ = ToolAnswer.Give(owned.Session, answer);
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_options.Heartbeat, _clock, cancellationToken).ConfigureAwait(false);
            long asked = _clock.GetTimestamp();
            // A broker that stalled for longer than its patience asks once more before it gives up.
            TimeSpan wait = _proof.Left > TimeSpan.Zero ? _proof.Left : Database.StatementTime;
            try
            {
                List<long> beats = await _database.RowsAsync(SqlStatement.Beat, static (row) => row.GetInt64(0), cancellationToken, Broker)
                    .WaitAsync(wait, _clock, cancellationToken).ConfigureAwait(false);
                if (beats.Count == 0)
                {
                    Revoke("another broker declared it dead");
                    return;
                }

                _proof.Confirm(asked);
                _isReachable = true;
            }
            catch (Exception fault) when (fault is StoreException or TimeoutException)
            {
                if (_isReachable) StoreLog.Unreachable(_log, fault.Message);
                _isReachable = false;
                if (_proof.Left > TimeSpan.Zero) continue;
                Revoke($"the store was unavailable for {_options.Patience.TotalSeconds:0.###} s (Patience)");
                return;
            }
        }
    }

    /// <summary>
    /// Handles a message of another broker: <c>e KEY</c>, new events; <c>w KEY BROKER</c>, a reader
    /// there; <c>c KEY</c>, cancelled; <c>a KEY CALL</c>, answered.
    /// </summary>
    private void Take(string message)
    {
        string[] parts = message.Split(' ', 3);
        if (parts.Length < 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long key)) return;
        switch (parts)
        {
            case ["e", _]: _signals.Signal(key); break;
            case ["w", _, var reader] when long.TryParse(reader, NumberStyles.None, CultureInfo.InvariantCulture, out long broker): Watched(key, broker); break;
            case ["c", _]: _ = AskAsync(() => CancelledAsync(key)); break;
            case ["a", _, var call]: _ = AskAsync(() => AnsweredAsync(key, call)); break;
        }
    }

    private void TakeFleet(string said)
    {
        if (FleetJson.TryRead(Encoding.UTF8.GetBytes(said), out FleetPart? part)) _fleet.TryTake(part);
    }

    private void Watched(long key, long reader)
    {
        if (!_sessions.TryGetValue(key, out OwnedSession? owned)) return;
        long now = _clock.GetTimestamp(), until = now + (long)(3 * _options.Poll.TotalSeconds * _clock.TimestampFrequency);
        // The reader has missed events that were written between its query and its message.
        if (owned.Watch(reader, now, until)) _ = AskAsync(() => _database.ExecuteAsync(SqlStatement.Tell, CancellationToken.None, reader, key));
    }

    private async Task CancelledAsync(long key)
    {
        foreach (byte[]? reason in await _database.RowsAsync(SqlStatement.CancelReason,
            static (row) => row.IsDBNull(0) ? null : row.GetFieldValue<byte[]>(0), CancellationToken.None, key).ConfigureAwait(false)) Stop(key, reason);
    }

    private async Task AnsweredAsync(long key, string call)
    {
        if (!_sessions.TryGetValue(key, out OwnedSession? owned)) return;
        foreach (byte[] answer in await _database.RowsAsync(SqlStatement.Answered, static (row) => row.GetFieldValue<byte[]>(0),
            CancellationToken.None, owned.Key.Day, key, call).ConfigureAwait(false)) _ = ToolAnswer.Give(owned.Session, answer);
    }

    private void Stop(long key, byte[]? reason)
    {
        if (!_sessions.TryGetValue(key, out OwnedSession? owned)) return;
        owned.Session.Stop(SessionEnd.Cancelled(reason is null ? null : Encoding.UTF8.GetString(reason)));
        // The session may also be removed. From now on the database decides who owns the name.
        foreach (KeyValuePair<(string Owner, string Id), OwnedSession> named in _names.Where((named) => named.Value == owned)) _names.TryRemove(named);
    }

    private async Task AskAsync(Func<Task> ask)
    {
        try
        {
            await ask().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is StoreException or OperationCanceledException)
        {
            // The next poll finds the request.
            StoreLog.MaintenanceFailed(_log, fault.Message);
        }
    }
}

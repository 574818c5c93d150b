using System.Text;
using Enclave.Broker.PostgreSql.Diagnostics;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Store;
using Enclave.Diagnostics;
using Enclave.Journals;
using Enclave.Streaming.Peers;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Runs;

/// <summary>Reads the tables of durable runs, and writes what is not part of a journal.</summary>
/// <param name="database">The database.</param>
/// <param name="log">The log.</param>
internal sealed class RunTable(Database database, ILogger log)
{
    private const int MaxDeadlocks = 5;

    /// <summary>Registers a host. Returns the number of its lease.</summary>
    /// <exception cref="JournalException">The database is unavailable, or does not wait for its disk.</exception>
    public async Task<long> RegisterAsync(string name, TimeSpan lease)
    {
        if (!(await AskAsync(RunStatement.IsDurable, static (row) => row.GetBoolean(0), CancellationToken.None).ConfigureAwait(false))[0])
            throw new JournalException(
                JournalFault.Unavailable,
                "the database acknowledges what it may lose: set synchronous_commit of this role to on, local or stronger");
        return (await GuardedAsync(() => database.RowsAsync(
            RunStatement.Register,
            static (row) => row.GetInt64(0),
            CancellationToken.None,
            name,
            PeerProtocol.Ours.Version,
            lease,
            Random.Shared.NextInt64(1L << 60, long.MaxValue))).ConfigureAwait(false))[0];
    }

    public async Task<StoredRun?> FindAsync(RunKey key, CancellationToken cancellationToken) =>
        (await AskAsync(RunStatement.Find, (row) => Expect(ReadRun(row), key), cancellationToken, RowId.Of(key)).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Takes a run for a host. Null if another one has it.</summary>
    /// <exception cref="JournalException">There is no such run, the host has lost its lease, or the database was restored since a host had the run.</exception>
    public async Task<(long Number, int Epoch, StoredRun Run)?> TakeAsync(HostLease host, RunKey key, TakePurpose purpose)
    {
        // Not cancelled: whether the run was taken has to be known.
        (_, List<(bool HasLease, bool IsHere, long Number, int Epoch, StoredRun? Run)> rows) = await GuardedAsync(() => database.AskBothAsync(
            RunStatement.Relax,
            [],
            static (_) => true,
            RunStatement.Take,
            [host.Number, RowId.Of(key), purpose == TakePurpose.End],
            static (row) => row.IsDBNull(2)
                ? (row.GetBoolean(0), row.GetBoolean(1), 0, 0, null)
                : (row.GetBoolean(0), row.GetBoolean(1), row.GetInt64(2), row.GetInt32(3), ReadRun(row, 4)),
            CancellationToken.None)).ConfigureAwait(false);
        if (rows is not [var taken]) throw new JournalException(JournalFault.NotFound, $"there is no durable run {key.Name}");
        if (taken.Run is not null) return (taken.Number, taken.Epoch, Expect(taken.Run, key));
        if (!taken.HasLease)
        {
            host.End();
            throw new JournalException(JournalFault.Unavailable, "this host was silent for too long and has lost its lease: try again") { IsTaken = true };
        }

        return taken.IsHere ? null : throw new JournalException(
            JournalFault.Refused,
            $"the database was restored or promoted since a host had {key.Name}: tools that it called afterwards would be called again. An operator has to "
            + "accept it (enclave runs accept, DurableRuns.AcceptRestoreAsync)");
    }

    public async Task<(StoredRun Run, Memory<byte> Entries)?> ReadAsync(RunKey key, long maxBytes, CancellationToken cancellationToken)
    {
        List<(StoredRun Run, long Bytes, byte[]? Entries)> rows = await AskAsync(
            RunStatement.Read,
            static (row) => (ReadRun(row), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3)),
            cancellationToken,
            RowId.Of(key),
            maxBytes).ConfigureAwait(false);
        if (rows is not [var read]) return null;
        if (read.Bytes > maxBytes) throw new JournalException(JournalFault.TooLarge, $"the journal has {read.Bytes} bytes, and {maxBytes} are allowed");
        return (Expect(read.Run, key), read.Entries ?? []);
    }

    public async Task<List<RunKey>> DueAsync(
        DateTimeOffset now, int limit, IEnumerable<RunKey> except, IEnumerable<string> passed, CancellationToken cancellationToken)
    {
        List<RunKey?> due = await AskAsync(
            RunStatement.Due,
            (row) => Readable<RunKey?>(() => StoredRunFormat.ReadKey(row.GetFieldValue<byte[]>(0))),
            cancellationToken,
            now.UtcDateTime,
            except.Select(RowId.Of).ToArray(),
            limit,
            passed.Select(RowId.OfMark).ToArray()).ConfigureAwait(false);
        return [.. due.OfType<RunKey>()];
    }

    public async Task<DateTimeOffset?> NextDueAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        List<DateTime> next = await AskAsync(
            RunStatement.NextDue, static (row) => row.GetDateTime(0), cancellationToken, after.UtcDateTime).ConfigureAwait(false);
        return next is [var time] ? new DateTimeOffset(time, TimeSpan.Zero) : null;
    }

    public async Task<StoredRun?> FindByTokenAsync(string token, CancellationToken cancellationToken)
    {
        List<StoredRun> runs = await AskAsync(
            RunStatement.FindByToken, static (row) => ReadRun(row), cancellationToken, RowId.OfToken(token)).ConfigureAwait(false);
        return runs is [var run] && run.Waits.Any((wait) => wait.Token == token) ? run : null;
    }

    public async Task<bool> TryAnswerAsync(long host, StoredRun run, StoredWait wait, ReadOnlyMemory<byte> answer, CancellationToken cancellationToken)
    {
        for (int deadlocks = 0; ; deadlocks++)
        {
            try
            {
                // Not repeated after an outage: the caller has to know whether this answer counts.
                List<bool> answered = await GuardedAsync(() => database.RowsAsync(
                    RunStatement.TryAnswer,
                    static (_) => true,
                    cancellationToken,
                    RowId.Of(run.Key),
                    run.Journal,
                    RowId.OfToken(wait.Token),
                    Database.Bytes(answer),
                    host,
                    (long)wait.Call)).ConfigureAwait(false);
                return answered.Count > 0;
            }
            catch (JournalException fault) when (fault.InnerException?.InnerException is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected }
                && deadlocks < MaxDeadlocks)
            {
                // The server rolled the statement back, so it can be repeated.
            }
        }
    }

    /// <summary>The answer to a wait of a run; null if there is none yet.</summary>
    /// <exception cref="JournalException">The answer has more bytes, or the database is unavailable.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(long number, StoredWait wait, long maxBytes)
    {
        if (wait.Token.Length == 0) return null;
        List<(int? Bytes, byte[]? Answer)> rows = await AskAsync(
            RunStatement.Answer,
            static (row) => (row.IsDBNull(0) ? (int?)null : row.GetInt32(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
            CancellationToken.None,
            RowId.OfToken(wait.Token),
            number,
            maxBytes,
            (long)wait.Call).ConfigureAwait(false);
        if (rows is not [var (bytes, answer)] || bytes is null) return null;
        return answer ?? throw new JournalException(JournalFault.TooLarge, $"the answer has {bytes} bytes, and {maxBytes} are allowed");
    }

    public async Task<IReadOnlyList<StoredRun>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        object? state = query.State is { } wanted ? (short)wanted : null;
        DateTime before = query.Before?.UtcDateTime ?? DateTime.MaxValue;
        // The server leaves out most rows with other names. It may return others, because a tenant's name may contain the same text.
        byte[] name = Encoding.UTF8.GetBytes(query.NamePrefix);
        var found = new List<StoredRun>();
        while (true)
        {
            object?[] values = [state, before, query.Limit, name, .. query.AllTenants ? Array.Empty<object>() : [RowId.OfTenant(query.Tenant)]];
            List<(StoredRun? Run, DateTime Changed)> page = await AskAsync(
                query.AllTenants ? RunStatement.List : RunStatement.ListOfTenant,
                (row) => (Readable(() => ReadRun(row)), row.GetDateTime(2)),
                cancellationToken,
                values).ConfigureAwait(false);
            // Rows that cannot be read do not end the list.
            found.AddRange(page.Select((row) => row.Run).OfType<StoredRun>().Where(query.Matches));
            if (found.Count >= query.Limit || page.Count < query.Limit) return [.. query.PageOf(found, (run) => run.Changed)];
            before = page[^1].Changed;
        }
    }

    public async Task<(int Runs, long Bytes)> UsageAsync(string? tenant, CancellationToken cancellationToken)
    {
        (long runs, long bytes) = (await AskAsync(
            RunStatement.Usage, static (row) => (row.GetInt64(0), row.GetInt64(1)), cancellationToken, RowId.OfTenant(tenant)).ConfigureAwait(false))[0];
        return ((int)Math.Clamp(runs, 0, int.MaxValue), Math.Max(0, bytes));
    }

    public async Task<RunTotals> CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => (await AskAsync(
        RunStatement.CountAll,
        (row) => new RunTotals(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
            row.IsDBNull(5) ? TimeSpan.Zero : now.UtcDateTime - row.GetDateTime(5)),
        cancellationToken,
        now.UtcDateTime).ConfigureAwait(false))[0];

    public async Task<bool> DeleteAsync(long host, RunKey key, RemovePurpose purpose, CancellationToken cancellationToken)
    {
        bool isDamaged = purpose == RemovePurpose.Damaged;
        // A run that has ended waits for nothing.
        Guid[] tokens = isDamaged ? await TokensAsync(key, cancellationToken).ConfigureAwait(false) : [];
        return (await AskAsync(
            RunStatement.Delete, static (_) => true, cancellationToken, RowId.Of(key), host, isDamaged, tokens).ConfigureAwait(false)).Count > 0;
    }

    /// <summary>The tokens of a run's waits; none if its row is damaged. A token without its run has no effect.</summary>
    private async Task<Guid[]> TokensAsync(RunKey key, CancellationToken cancellationToken)
    {
        try
        {
            StoredRun? run = await FindAsync(key, cancellationToken).ConfigureAwait(false);
            return run is null ? [] : [.. run.Waits.Where((wait) => wait.Token.Length > 0).Select((wait) => RowId.OfToken(wait.Token))];
        }
        catch (JournalException fault) when (fault.Fault != JournalFault.Unavailable)
        {
            return [];
        }
    }

    /// <summary>Lets one run of another timeline continue, or all of them. Returns their number.</summary>
    public async Task<int> AcceptAsync(RunKey? key, CancellationToken cancellationToken)
    {
        object? id = key is { } one ? RowId.Of(one) : null;
        int accepted = 0;
        // Page by page, so that no run waits for all of them.
        for (long? last = 0; last is not null;)
        {
            (long count, last) = (await AskAsync(
                RunStatement.Accept,
                static (row) => (row.GetInt64(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1)),
                cancellationToken,
                id,
                last).ConfigureAwait(false))[0];
            accepted += (int)count;
        }

        return accepted;
    }

    private Task<List<T>> AskAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        GuardedAsync(() => database.AskAsync(sql, read, cancellationToken, values));

    private static async Task<T> GuardedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (StoreException fault)
        {
            bool isMissing = fault.InnerException is PostgresException refused && Database.LacksSchema(refused);
            throw new JournalException(
                JournalFault.Unavailable,
                isMissing
                    ? $"the database has no tables of durable runs, or this role may not use them ({fault.Message}): enclave migrate makes them"
                    : $"the database of durable runs failed: {fault.Message}",
                fault);
        }
    }

    /// <summary>A row that cannot be read must not hide the others: null, and a line in the log.</summary>
    private T? Readable<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JournalException fault)
        {
            StoreLog.RunUnreadable(log, fault.Message);
            return default;
        }
    }

    private static StoredRun ReadRun(NpgsqlDataReader row, int column = 0)
    {
        if (row.IsDBNull(column)) throw new JournalException(JournalFault.TooLarge, "the row of a durable run is too long");
        StoredRun run = StoredRunFormat.Read(row.GetFieldValue<byte[]>(column));
        return row.GetBoolean(column + 1) ? run with { Due = StoredRun.Always } : run;
    }

    private static StoredRun Expect(StoredRun run, RunKey key) =>
        run.Key == key ? run : throw new JournalException(JournalFault.Damaged, $"the row of {key.Name} is the row of another run");
}

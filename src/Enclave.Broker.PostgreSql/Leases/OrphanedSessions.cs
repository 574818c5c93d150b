using Enclave.Broker.Executors;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Streaming;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Leases;

/// <summary>Ends the sessions that a lost broker left running: writes a final event after the last one of each.</summary>
internal sealed class OrphanedSessions(Database database)
{
    /// <summary>
    /// Ends the sessions of a broker with these keys, or all of them, and returns their number. Several brokers may do so at once and share the work.
    /// </summary>
    /// <exception cref="StoreException">The database is unavailable.</exception>
    public async Task<int> ConcludeAsync(long broker, long[]? keys, CancellationToken cancellationToken)
    {
        int ended = 0;
        try
        {
            while (true)
            {
                NpgsqlConnection connection = await database.Source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    int some = await SomeAsync(connection, broker, keys, cancellationToken).ConfigureAwait(false);
                    ended += some;
                    if (some == 0) return ended;
                }
            }
        }
        catch (Exception fault) when (Database.IsOutage(fault))
        {
            throw new StoreException(fault.Message, fault);
        }
    }

    private static async Task<int> SomeAsync(NpgsqlConnection connection, long broker, long[]? keys, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            List<Orphan> orphans =
                await Database.RowsAsync(new NpgsqlCommand(SqlStatement.Orphans, connection), Orphan.Of, cancellationToken, broker, keys).ConfigureAwait(false);
            if (orphans.Count == 0) return 0;
            await Database.ExecuteAsync(
                new NpgsqlCommand(SqlStatement.Conclude, connection),
                cancellationToken,
                orphans.Select((orphan) => orphan.Day).ToArray(),
                orphans.Select((orphan) => orphan.Key).ToArray(),
                orphans.Select((orphan) => orphan.LastSeq + 1).ToArray(),
                orphans.Select((orphan) => orphan.FinalLine()).ToArray()).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return orphans.Count;
        }
    }

    private sealed record Orphan(long Key, DateOnly Day, string Id, int ToolCalls, double AgeMs, long LastSeq)
    {
        public static Orphan Of(NpgsqlDataReader row) =>
            new(row.GetInt64(0), row.GetFieldValue<DateOnly>(1), row.GetString(2), row.GetInt32(3), row.GetDouble(4), row.GetInt64(5));

        public byte[] FinalLine() => EventLines.Line(new SessionEvent(Id, LastSeq + 1, Final.Failure(
            new ErrorInfo(LostRun.Message("the broker that ran the session", ToolCalls), SessionCode.BrokerLost),
            FinalStats.Of(TimeSpan.FromMilliseconds(AgeMs), ToolCalls, 0))));
    }
}

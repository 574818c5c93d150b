using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.Sessions;
using Enclave.Broker.Store;
using Enclave.Streaming;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Leases;

/// <summary>The sessions that a broker left without an end: each gets one, in the place after its last event.</summary>
internal sealed class Estate(Database database)
{
    private const string Code = "BROKER_LOST";

    /// <summary>Ends those of a broker that have these keys, or all; how many. Brokers that do so at once share them.</summary>
    /// <exception cref="StoreException">The database is not to be had.</exception>
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
            List<Orphan> orphans = await OrphansAsync(connection, broker, keys, cancellationToken).ConfigureAwait(false);
            if (orphans.Count == 0) return 0;
            var command = new NpgsqlCommand(Statement.Conclude, connection);
            await using (command.ConfigureAwait(false))
            {
                command.Parameters.Add(Database.Parameter(orphans.Select((orphan) => orphan.Day).ToArray()));
                command.Parameters.Add(Database.Parameter(orphans.Select((orphan) => orphan.Key).ToArray()));
                command.Parameters.Add(Database.Parameter(orphans.Select((orphan) => orphan.LastSeq + 1).ToArray()));
                command.Parameters.Add(Database.Parameter(orphans.Select((orphan) => orphan.FinalLine()).ToArray()));
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return orphans.Count;
        }
    }

    private static async Task<List<Orphan>> OrphansAsync(NpgsqlConnection connection, long broker, long[]? keys, CancellationToken cancellationToken)
    {
        var orphans = new List<Orphan>();
        var command = new NpgsqlCommand(Statement.Orphans, connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.Add(Database.Parameter(broker));
            command.Parameters.Add(Database.Parameter(keys));
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    orphans.Add(new Orphan(reader.GetInt64(0), reader.GetFieldValue<DateOnly>(1), reader.GetString(2), reader.GetInt32(3), reader.GetDouble(4), reader.GetInt64(5)));
                }
            }
        }

        return orphans;
    }

    private sealed record Orphan(long Key, DateOnly Day, string Id, int ToolCalls, double AgeMs, long LastSeq)
    {
        public byte[] FinalLine() => EventLines.Line(new SessionEvent(Id, LastSeq + 1, new Final
        {
            Ok = false,
            Error = new ErrorInfo($"the broker that ran the session was lost {Calls}; the script was not run again, since it may have done something", Code),
            Stats = new FinalStats(Math.Round(Math.Max(0, AgeMs)), ToolCalls, 0),
        }));

        private string Calls => ToolCalls == 0 ? "before the script called a tool" : $"after {ToolCalls} tool call{(ToolCalls == 1 ? "" : "s")}";
    }
}

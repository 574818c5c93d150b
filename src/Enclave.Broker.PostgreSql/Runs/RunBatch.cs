using Enclave.Broker.PostgreSql.Statements;
using Npgsql;
using NpgsqlTypes;

namespace Enclave.Broker.PostgreSql.Runs;

/// <summary>Changes of many runs that are written in one transaction.</summary>
internal sealed class RunBatch
{
    private readonly RunChange[] _begun, _changed;
    private readonly Dictionary<Guid, RunChange> _byId;
    private readonly Dictionary<long, RunChange> _byKey;

    public RunBatch(IReadOnlyList<RunChange> changes)
    {
        (_begun, _changed) = ([.. changes.Where((change) => change.Key == 0)], [.. changes.Where((change) => change.Key != 0)]);
        (_byId, _byKey) = (_begun.ToDictionary((change) => RowId.Of(change.Run.Key)), _changed.ToDictionary((change) => change.Key));
    }

    /// <summary>Writes the changes. Returns the keys of the written ones; the others were refused.</summary>
    /// <param name="source">The connections.</param>
    /// <param name="isRepeated">True if an earlier attempt failed, which may have written the changes.</param>
    public async Task<Dictionary<RunChange, long>> WriteAsync(NpgsqlDataSource source, bool isRepeated)
    {
        var written = new Dictionary<RunChange, long>();
        NpgsqlConnection connection = await source.OpenConnectionAsync().ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var batch = new NpgsqlBatch(connection);
            await using (batch.ConfigureAwait(false))
            {
                if (_begun.Length == 0 && _changed.All((change) => change.Leaves)) batch.BatchCommands.Add(new NpgsqlBatchCommand(RunStatement.Relax));
                int first = batch.BatchCommands.Count;
                // Rows of runs are locked before the counters of tenants, as answers lock them.
                if (_changed.Length > 0) batch.BatchCommands.Add(Save());
                if (_changed.Length > 0 && isRepeated) batch.BatchCommands.Add(Saved());
                int ofChanged = batch.BatchCommands.Count;
                if (_begun.Length > 0) batch.BatchCommands.Add(Create());
                if (_begun.Length > 0 && isRepeated) batch.BatchCommands.Add(Created());
                await batch.PrepareAsync().ConfigureAwait(false);
                NpgsqlDataReader reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    int command = 0;
                    do
                    {
                        while (await reader.ReadAsync().ConfigureAwait(false))
                        {
                            if (command < first) continue;
                            if (command < ofChanged) written[_byKey[reader.GetInt64(0)]] = reader.GetInt64(0);
                            else written[_byId[reader.GetGuid(0)]] = reader.GetInt64(1);
                        }

                        command++;
                    }
                    while (await reader.NextResultAsync().ConfigureAwait(false));
                }
            }
        }

        return written;
    }

    private NpgsqlBatchCommand Create() => Command(
        RunStatement.Create,
        (NpgsqlDbType.Bigint, _begun[0].Host),
        Of(NpgsqlDbType.Uuid, _begun, (change) => RowId.Of(change.Run.Key)),
        Of(NpgsqlDbType.Uuid, _begun, (change) => RowId.OfTenant(change.Run.Key.Tenant)),
        Of(NpgsqlDbType.Uuid, _begun, (change) => change.Run.Journal),
        Of(NpgsqlDbType.TimestampTz, _begun, (change) => change.Run.Changed.UtcDateTime),
        Of(NpgsqlDbType.TimestampTz, _begun, (change) => change.Run.Due?.UtcDateTime),
        Of(NpgsqlDbType.Bytea, _begun, (change) => change.Stored),
        Of(NpgsqlDbType.Bytea, _begun, (change) => Database.Bytes(change.Part)),
        Of(NpgsqlDbType.Integer, _begun, (change) => change.Run.Entries));

    private NpgsqlBatchCommand Created() => Command(
        RunStatement.Created,
        (NpgsqlDbType.Bigint, _begun[0].Host),
        Of(NpgsqlDbType.Uuid, _begun, (change) => RowId.Of(change.Run.Key)),
        Of(NpgsqlDbType.Uuid, _begun, (change) => change.Run.Journal));

    private NpgsqlBatchCommand Save() => Command(
        RunStatement.Save,
        (NpgsqlDbType.Bigint, _changed[0].Host),
        Of(NpgsqlDbType.Bigint, _changed, (change) => change.Key),
        Of(NpgsqlDbType.Integer, _changed, (change) => change.Epoch),
        Of(NpgsqlDbType.Integer, _changed, (change) => change.First),
        Of(NpgsqlDbType.Integer, _changed, (change) => change.Run.Entries),
        Of(NpgsqlDbType.Uuid, _changed, (change) => change.Run.Journal),
        Of(NpgsqlDbType.TimestampTz, _changed, (change) => change.Run.Changed.UtcDateTime),
        Of(NpgsqlDbType.Smallint, _changed, (change) => (short)change.Run.State),
        Of(NpgsqlDbType.TimestampTz, _changed, (change) => change.Run.Due?.UtcDateTime),
        Of(NpgsqlDbType.Bytea, _changed, (change) => change.Stored),
        Of(NpgsqlDbType.Bytea, _changed, (change) => Database.Bytes(change.Part)),
        Of(NpgsqlDbType.Boolean, _changed, (change) => change.Replaces),
        Of(NpgsqlDbType.Boolean, _changed, (change) => change.Leaves),
        Each(NpgsqlDbType.Bigint, (change) => change.Over, static (change, _) => change.Key),
        Each(NpgsqlDbType.Uuid, (change) => change.Over, static (_, wait) => wait.Token),
        Each(NpgsqlDbType.Bigint, (change) => change.Over, static (_, wait) => wait.Call),
        Each(NpgsqlDbType.Bigint, (change) => change.Begun, static (change, _) => change.Key),
        Each(NpgsqlDbType.Uuid, (change) => change.Begun, static (_, wait) => wait.Token),
        Each(NpgsqlDbType.Bigint, (change) => change.Begun, static (_, wait) => wait.Call),
        Of(NpgsqlDbType.Uuid, _changed, (change) => change.Was));

    private NpgsqlBatchCommand Saved() => Command(
        RunStatement.Saved,
        (NpgsqlDbType.Bigint, _changed[0].Host),
        Of(NpgsqlDbType.Bigint, _changed, (change) => change.Key),
        Of(NpgsqlDbType.Integer, _changed, (change) => change.Epoch),
        Of(NpgsqlDbType.Integer, _changed, (change) => change.Run.Entries),
        Of(NpgsqlDbType.Bytea, _changed, (change) => change.Stored));

    private (NpgsqlDbType Type, object Value) Each<T>(
        NpgsqlDbType type, Func<RunChange, IReadOnlyList<(Guid Token, long Call)>> waits, Func<RunChange, (Guid Token, long Call), T> value) =>
        (type | NpgsqlDbType.Array, _changed.SelectMany((change) => waits(change).Select((wait) => value(change, wait))).ToArray());

    private static (NpgsqlDbType Type, object Value) Of<T>(NpgsqlDbType type, RunChange[] of, Func<RunChange, T> value) =>
        (type | NpgsqlDbType.Array, Array.ConvertAll(of, (change) => value(change)));

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<(NpgsqlDbType Type, object Value)> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach ((NpgsqlDbType type, object value) in parameters) command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value });
        return command;
    }
}

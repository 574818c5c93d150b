using Enclave.Broker.PostgreSql.Schema;
using Enclave.Broker.PostgreSql.Statements;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>The tables that brokers share, in the schema <c>enclave</c> of a database.</summary>
public static class PostgreSqlSchema
{
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('enclave.migrate', 0))";

    private const string Begin = """
        CREATE SCHEMA IF NOT EXISTS enclave;
        CREATE TABLE IF NOT EXISTS enclave.migration (number integer PRIMARY KEY, name text NOT NULL, digest bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
        """;

    private const string Known = "SELECT number, name, digest FROM enclave.migration ORDER BY number LIMIT 10000";

    /// <summary>Brings the schema to this version, and gives the brokers' role its rights. One caller at a time; the others wait, and find it done.</summary>
    /// <param name="ownerConnectionString">Opens the database as the role that owns the schema, or is to.</param>
    /// <param name="brokerRole">The role that brokers connect as. It exists, and is another one.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is changed by half.</param>
    /// <returns>How many steps were taken: 0 when there was nothing to do.</returns>
    /// <exception cref="InvalidOperationException">The schema is of a later version, a step of it was changed after it was taken, or the two roles are one.</exception>
    /// <exception cref="NpgsqlException">The database is not to be had, or refuses.</exception>
    public static async Task<int> MigrateAsync(string ownerConnectionString, string brokerRole, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(ownerConnectionString);
        ArgumentException.ThrowIfNullOrEmpty(brokerRole);
        if (new NpgsqlConnectionStringBuilder(ownerConnectionString).Username == brokerRole) throw new InvalidOperationException($"the role {brokerRole} is both the schema's owner and the brokers': brokers need a role of their own, which may define nothing.");
        var connection = new NpgsqlConnection(ownerConnectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                int taken = await StepAsync(connection, brokerRole, cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return taken;
            }
        }
    }

    /// <exception cref="SchemaException">It is not this version's.</exception>
    internal static async Task CheckAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        int found;
        try
        {
            NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false)) found = await CountAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SchemaException($"the database has no schema for brokers, or none that this role may use ({fault.MessageText}): migrate it as its owner (docs/sessions-store.md).");
        }

        if (found < Migration.All.Count) throw new SchemaException($"the schema is at step {found} of {Migration.All.Count}: migrate it as its owner (docs/sessions-store.md).");
    }

    private static async Task<int> StepAsync(NpgsqlConnection connection, string brokerRole, CancellationToken cancellationToken)
    {
        await RunAsync(connection, Lock, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, Begin, cancellationToken).ConfigureAwait(false);
        int known;
        try
        {
            known = await CountAsync(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (SchemaException fault)
        {
            throw new InvalidOperationException(fault.Message, fault);
        }

        foreach (Migration step in Migration.All.Skip(known))
        {
            await RunAsync(connection, step.Sql, cancellationToken).ConfigureAwait(false);
            await RunAsync(connection, "INSERT INTO enclave.migration (number, name, digest) VALUES ($1, $2, $3)", cancellationToken, step.Number, step.Name, step.Digest).ConfigureAwait(false);
        }

        await RunAsync(connection, "SELECT set_config('enclave.broker_role', $1, true)", cancellationToken, brokerRole).ConfigureAwait(false);
        await RunAsync(connection, Migration.GrantsSql, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, "SELECT enclave.maintain()", cancellationToken).ConfigureAwait(false);
        return Migration.All.Count - known;
    }

    /// <summary>How many steps were taken, each as it stands here.</summary>
    private static async Task<int> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        int count = 0;
        var command = new NpgsqlCommand(Known, connection);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (count >= Migration.All.Count) throw new SchemaException($"the schema has the step {reader.GetString(1)}, which this version does not know: a later version migrated it.");
                    Migration step = Migration.All[count++];
                    if (reader.GetInt32(0) != step.Number || !reader.GetFieldValue<byte[]>(2).AsSpan().SequenceEqual(step.Digest)) throw new SchemaException($"the step {reader.GetString(1)} of the schema is another one than this version has under its number.");
                }
            }
        }

        return count;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values) =>
        await Database.ExecuteAsync(new NpgsqlCommand(sql, connection), cancellationToken, values).ConfigureAwait(false);
}

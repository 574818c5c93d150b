using Enclave.Broker.PostgreSql.Schema;
using Enclave.Broker.PostgreSql.Statements;
using Npgsql;

namespace Enclave.Broker.PostgreSql;

/// <summary>The tables that brokers share, in the schema <c>enclave</c> of a database.</summary>
public static class PostgreSqlSchema
{
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('enclave.migrate', 0))";

    /// <summary>A step does not wait longer for a table: other users of the table would wait behind it.</summary>
    private const string Patience = "SET LOCAL lock_timeout = '3s'";

    private const string Begin = """
        CREATE SCHEMA IF NOT EXISTS enclave;
        CREATE TABLE IF NOT EXISTS enclave.migration (number integer PRIMARY KEY, name text NOT NULL, digest bytea NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now());
        """;

    /// <summary>The steps of version 1. Any other row in this table tells brokers of version 1 that they cannot use the schema.</summary>
    private const string First = "SELECT number, name, digest FROM enclave.migration WHERE number <= 1 ORDER BY number";

    private const string HasLater = "SELECT to_regclass('enclave.step') IS NOT NULL";

    private const string Later = "SELECT number, name, digest, compatible_from FROM enclave.step ORDER BY number LIMIT 10000";

    private const string Standing = "SELECT schema_step, compatible_from FROM enclave.setting";

    /// <summary>
    /// Migrates the schema to this version, and grants the brokers' role its rights. One caller migrates; others wait and find nothing to do.
    /// </summary>
    /// <param name="ownerConnectionString">Connects as the role that owns the schema or will own it.</param>
    /// <param name="brokerRole">The role that brokers connect as. It must exist and be a different role.</param>
    /// <param name="cancellationToken">Cancels the migration. Steps are never applied partly.</param>
    /// <returns>The number of applied steps; 0 if there was nothing to do, or if a later version has migrated further.</returns>
    /// <exception cref="InvalidOperationException">The schema belongs to a later version that no longer supports this one, an applied step was changed
    /// afterwards, or both roles are the same.</exception>
    /// <exception cref="NpgsqlException">The database is unavailable or refused.</exception>
    public static async Task<int> MigrateAsync(string ownerConnectionString, string brokerRole, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(ownerConnectionString);
        ArgumentException.ThrowIfNullOrEmpty(brokerRole);
        var settings = new NpgsqlConnectionStringBuilder(ownerConnectionString);
        if (settings.Username == brokerRole) throw new InvalidOperationException(
            $"the role {brokerRole} is both the schema's owner and the brokers' role: brokers need a role of their own, which may not define anything.");
        Encryption.Demand(settings, ownerConnectionString);
        var connection = new NpgsqlConnection(settings.ConnectionString);
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

    /// <exception cref="SchemaException">This version cannot use the schema.</exception>
    internal static async Task CheckAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        int step = 0, compatibleFrom = 0;
        try
        {
            NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                // Brokers of version 1 recorded the first step in this table only.
                if (await FirstAsync(connection, cancellationToken).ConfigureAwait(false) < Migration.Frozen) throw Behind(0);
                foreach ((int taken, int from) in await RowsAsync(connection, Standing,
                    static (row) => (row.GetInt32(0), row.GetInt32(1)), cancellationToken).ConfigureAwait(false)) (step, compatibleFrom) = (taken, from);
            }
        }
        catch (PostgresException fault) when (Database.LacksSchema(fault))
        {
            throw new SchemaException($"the database has no schema for brokers, or this role may not use it ({fault.MessageText}): migrate it as its owner " +
                "(docs/sessions-store.md).");
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UndefinedColumn)
        {
            throw Behind(Migration.Frozen);
        }

        if (step < Migration.All.Count) throw Behind(step);
        if (compatibleFrom > Migration.All.Count) throw Ahead(step, compatibleFrom);
    }

    private static async Task<int> StepAsync(NpgsqlConnection connection, string brokerRole, CancellationToken cancellationToken)
    {
        await RunAsync(connection, Lock, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, Patience, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, Begin, cancellationToken).ConfigureAwait(false);
        int known, steps = Migration.All.Count;
        try
        {
            known = await FirstAsync(connection, cancellationToken).ConfigureAwait(false);
            List<Taken> later = await LaterAsync(connection, cancellationToken).ConfigureAwait(false);
            foreach (Taken taken in later.TakeWhile((taken) => taken.Number <= steps)) Compare(taken, known++);
            if (later is [.., var last] && last.Number > steps)
            {
                // A later version has migrated it, and granted the rights that its own brokers need.
                if (last.CompatibleFrom > steps) throw Ahead(last.Number, last.CompatibleFrom);
                return 0;
            }
        }
        catch (SchemaException fault)
        {
            throw new InvalidOperationException(fault.Message, fault);
        }

        foreach (Migration step in Migration.All.Skip(known)) await TakeAsync(connection, step, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, "SELECT set_config('enclave.broker_role', $1, true)", cancellationToken, brokerRole).ConfigureAwait(false);
        await RunAsync(connection, Migration.GrantsSql, cancellationToken).ConfigureAwait(false);
        await RunAsync(connection, "SELECT enclave.maintain()", cancellationToken).ConfigureAwait(false);
        return steps - known;
    }

    private static async Task TakeAsync(NpgsqlConnection connection, Migration step, CancellationToken cancellationToken)
    {
        await RunAsync(connection, step.Sql, cancellationToken).ConfigureAwait(false);
        if (step.Number <= Migration.Frozen)
        {
            await RunAsync(connection, "INSERT INTO enclave.migration (number, name, digest) VALUES ($1, $2, $3)",
                cancellationToken, step.Number, step.Name, step.Digest).ConfigureAwait(false);
            return;
        }

        await RunAsync(connection, "INSERT INTO enclave.step (number, name, digest, compatible_from) VALUES ($1, $2, $3, $4)",
            cancellationToken, step.Number, step.Name, step.Digest, step.CompatibleFrom).ConfigureAwait(false);
        await RunAsync(connection,
            "UPDATE enclave.setting SET schema_step = $1, compatible_from = $2", cancellationToken, step.Number, step.CompatibleFrom).ConfigureAwait(false);
    }

    /// <summary>Counts the steps of version 1 that were applied, and compares each with this version's.</summary>
    private static async Task<int> FirstAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        int count = 0;
        foreach (Taken taken in await RowsAsync(connection, First, Taken.Read, cancellationToken).ConfigureAwait(false)) Compare(taken, count++);
        return count;
    }

    private static async Task<List<Taken>> LaterAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await RowsAsync(connection, HasLater, static (row) => row.GetBoolean(0), cancellationToken).ConfigureAwait(false))[0]
            ? await RowsAsync(connection, Later, Taken.ReadLater, cancellationToken).ConfigureAwait(false)
            : [];

    /// <exception cref="SchemaException">The applied step differs from this version's.</exception>
    private static void Compare(Taken taken, int place)
    {
        Migration step = Migration.All[place];
        if (taken.Number != step.Number || !taken.Digest.AsSpan().SequenceEqual(step.Digest))
            throw new SchemaException($"step {taken.Number} of the schema ({taken.Name}) differs from this version's step of that number.");
    }

    private static SchemaException Behind(int step) =>
        new($"the schema is at step {step} of {Migration.All.Count}: migrate it as its owner (docs/sessions-store.md).");

    private static SchemaException Ahead(int step, int compatibleFrom) =>
        new($"the schema is at step {step}, which a later version applied; it supports brokers from step {compatibleFrom} on, and this one knows " +
            $"{Migration.All.Count}: upgrade this broker (docs/upgrade.md).");

    private static async Task<List<T>> RowsAsync<T>(NpgsqlConnection connection,
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        await Database.RowsAsync(new NpgsqlCommand(sql, connection), read, cancellationToken).ConfigureAwait(false);

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values) =>
        await Database.ExecuteAsync(new NpgsqlCommand(sql, connection), cancellationToken, values).ConfigureAwait(false);

    private sealed record Taken(int Number, string Name, byte[] Digest, int CompatibleFrom)
    {
        public static Taken Read(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetString(1), row.GetFieldValue<byte[]>(2), 1);

        public static Taken ReadLater(NpgsqlDataReader row) => Read(row) with { CompatibleFrom = row.GetInt32(3) };
    }
}

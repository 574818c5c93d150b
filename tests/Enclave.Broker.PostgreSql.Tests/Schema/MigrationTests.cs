using Enclave.Broker.PostgreSql.Schema;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Tests;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Schema;

/// <summary>The schema, step by step.</summary>
public sealed class MigrationTests(PostgresServer server)
{
    private static int Steps => Migration.All.Count;

    [Fact]
    public async Task Of_many_who_migrate_at_once_one_does()
    {
        await using StoreDatabase database = await server.EmptyDatabaseAsync();

        int[] taken = await Task.WhenAll(Enumerable.Range(0, 6).Select((_) => PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker)));

        Assert.Equal([.. Enumerable.Repeat(0, 5), Steps], taken.Order());
        Assert.Equal(0, await PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker));
        await using TestBroker broker = await TestBroker.On(database.Broker);
        Assert.Equal(3, (await TestBroker.ReadAll(await broker.Open(TestBroker.By(null), TestBroker.Asks("print")))).Count);
    }

    [Fact]
    public async Task A_broker_migrates_when_it_is_given_the_owner()
    {
        await using StoreDatabase database = await server.EmptyDatabaseAsync();

        await using TestBroker broker = await TestBroker.On(database.Broker, configure: (store) => store.OwnerConnectionString = database.Owner);

        Assert.True(broker.Store.IsReady);
    }

    [Fact]
    public async Task A_broker_without_a_schema_is_not_ready()
    {
        await using StoreDatabase database = await server.EmptyDatabaseAsync();

        await using TestBroker broker = await TestBroker.On(database.Broker);

        Assert.False(broker.Store.IsReady);
        Assert.Equal("STORE_UNAVAILABLE", (await broker.TryOpen(TestBroker.By(null), TestBroker.Asks("print"))).Refusal?.Code);
    }

    [Theory]
    [InlineData("UPDATE enclave.migration SET digest = '\\x00' WHERE number = 1", "differs from")]
    [InlineData("UPDATE enclave.step SET digest = '\\x00' WHERE number = 2", "differs from")]
    [InlineData("INSERT INTO enclave.step (number, name, digest, compatible_from) VALUES (9999, '9999-later', '\\x00', 9998); UPDATE enclave.setting SET " +
        "schema_step = 9999, compatible_from = 9998", "a later version applied")]
    public async Task A_schema_of_another_version_is_refused(string change, string told)
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await database.ExecuteAsync(change);

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker));
        await using TestBroker broker = await TestBroker.On(database.Broker);

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        // A broker checks only the first step and the schema's present state; the other steps matter only to the owner.
        Assert.Equal(change.Contains("step SET", StringComparison.Ordinal), broker.Store.IsReady);
    }

    [Fact]
    public async Task A_later_schema_that_serves_this_version_is_used_and_left_as_it_is()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await database.ExecuteAsync(
            $"INSERT INTO enclave.step (number, name, digest, compatible_from) VALUES ({Steps + 1}, '{Steps + 1:0000}-later', '\\x00', {Steps})",
            $"UPDATE enclave.setting SET schema_step = {Steps + 1}, compatible_from = {Steps}",
            "CREATE TABLE enclave.later (a integer); GRANT SELECT ON enclave.later TO enclave_broker");

        int taken = await PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker);
        await using TestBroker broker = await TestBroker.On(database.Broker, configure: (store) => store.OwnerConnectionString = database.Owner);
        await PostgresServer.ExecuteAsync(database.Broker, "SELECT a FROM enclave.later");

        Assert.Equal(0, taken);
        Assert.Equal(3, (await TestBroker.ReadAll(await broker.Open(TestBroker.By(null), TestBroker.Asks("print")))).Count);
    }

    [Fact]
    public async Task A_schema_that_is_behind_is_refused_by_brokers_until_it_is_migrated()
    {
        await using StoreDatabase database = await server.EmptyDatabaseAsync();
        await PostgresServer.ExecuteAsync(
            database.Owner,
            "CREATE SCHEMA enclave",
            "CREATE TABLE enclave.migration (number integer PRIMARY KEY, name text NOT NULL, digest bytea NOT NULL, applied_at timestamptz NOT NULL " +
            "DEFAULT now())",
            Migration.All[0].Sql,
            $"INSERT INTO enclave.migration (number, name, digest) VALUES (1, '{Migration.All[0].Name}', '\\x{Convert.ToHexString(Migration.All[0].Digest)}')");
        await database.ExecuteAsync("GRANT USAGE ON SCHEMA enclave TO enclave_broker; GRANT SELECT ON ALL TABLES IN SCHEMA enclave TO enclave_broker");

        await using TestBroker broker = await TestBroker.On(database.Broker);
        bool before = broker.Store.IsReady;
        int taken = await PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker);
        await Within.Becomes(() => broker.Store.IsReady, "the broker found the schema as it needs it");

        Assert.Equal((false, Steps - 1), (before, taken));
    }

    [Fact]
    public async Task The_owner_is_no_broker()
    {
        await using StoreDatabase database = await server.EmptyDatabaseAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Owner));
        await Assert.ThrowsAsync<PostgresException>(() => PostgreSqlSchema.MigrateAsync(database.Owner, "nobody; DROP SCHEMA enclave"));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'enclave'"));
    }

    [Fact]
    public async Task Data_older_than_the_kept_days_is_dropped_in_partitions()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using TestBroker broker = await TestBroker.On(database.Broker);
        await TestBroker.ReadAll(await broker.Open(TestBroker.By("alice"), TestBroker.Asks("print", "s_today")));
        await PostgresServer.ExecuteAsync(
            database.Owner,
            "CREATE TABLE enclave.event_20200101 PARTITION OF enclave.event FOR VALUES FROM ('2020-01-01') TO ('2020-01-02')",
            "INSERT INTO enclave.event SELECT '2020-01-01', 1, n, 'stdout', 'x' FROM generate_series(1, 100) n",
            "INSERT INTO enclave.session (day, owner, id, broker, terms, sealed, expires_at, ended_at) VALUES ('2020-01-01', ':alice', 's_old', 1, '{}', " +
            "false, now(), now())");

        int dropped = await Maintain(database.Broker);

        Assert.Equal(1, dropped);
        Assert.Equal(3, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.event"));
        Assert.Equal(["s_today"], await database.ColumnAsync<string>("SELECT id FROM enclave.session"));
        Assert.Equal(0, await Maintain(database.Broker));
        Assert.Null(await broker.Find(TestBroker.By("alice"), "s_old"));
    }

    private static async Task<int> Maintain(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT enclave.maintain()", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}

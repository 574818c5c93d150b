using Enclave.Broker.PostgreSql.Schema;
using Enclave.Broker.PostgreSql.Statements;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Schema;

/// <summary>Statements that the brokers' role must not be able to run, even in an attacker's hands.</summary>
public sealed class RightsTests(PostgresServer server)
{
    [Theory]
    [InlineData("DELETE FROM enclave.event")]
    [InlineData("UPDATE enclave.event SET line = ''")]
    [InlineData("TRUNCATE enclave.event")]
    [InlineData("DELETE FROM enclave.audit")]
    [InlineData("UPDATE enclave.audit SET record = '{}'")]
    [InlineData("DELETE FROM enclave.session")]
    [InlineData("DELETE FROM enclave.tool_call")]
    [InlineData("DELETE FROM enclave.broker")]
    [InlineData("UPDATE enclave.setting SET keep_days = 1")]
    [InlineData("INSERT INTO enclave.migration (number, name, digest) VALUES (99, 'mine', '')")]
    [InlineData("CREATE TABLE enclave.mine (a integer)")]
    [InlineData("CREATE TABLE public.mine (a integer)")]
    [InlineData("CREATE SCHEMA mine")]
    [InlineData("ALTER TABLE enclave.event ADD COLUMN mine integer")]
    [InlineData("DROP TABLE enclave.event")]
    [InlineData("DROP SCHEMA enclave CASCADE")]
    [InlineData("DROP INDEX enclave.session_name")]
    [InlineData("CREATE INDEX ON enclave.event (type)")]
    [InlineData("CREATE OR REPLACE FUNCTION enclave.maintain() RETURNS integer LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("ALTER TABLE enclave.event OWNER TO enclave_broker")]
    [InlineData("SET ROLE enclave_owner")]
    [InlineData("COPY enclave.event TO PROGRAM 'cat'")]
    [InlineData("CREATE TEMPORARY TABLE mine (a integer)")]
    [InlineData("CREATE TEMPORARY VIEW mine AS SELECT 1")]
    [InlineData("CREATE FUNCTION pg_temp.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE FUNCTION public.mine() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'")]
    [InlineData("CREATE FUNCTION enclave.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE TYPE public.mine AS ENUM ('a')")]
    [InlineData("CREATE SEQUENCE enclave.mine")]
    [InlineData("SELECT lo_creat(-1)")]
    [InlineData("SELECT lo_create(0)")]
    [InlineData("SELECT lo_from_bytea(0, 'mine')")]
    [InlineData("SELECT lo_import('/etc/passwd')")]
    [InlineData("SELECT pg_read_file('/etc/passwd')")]
    [InlineData("SELECT rolpassword FROM pg_authid")]
    [InlineData("CREATE ROLE mine")]
    [InlineData("ALTER ROLE enclave_broker SUPERUSER")]
    [InlineData("ALTER SYSTEM SET max_connections = 1")]
    [InlineData("CREATE DATABASE mine")]
    public async Task It_is_refused(string statement)
    {
        await using StoreDatabase database = await MigratedAsync();

        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(database.Broker, statement));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    /// <summary>A copy of a database has its objects, but not the rights on the database itself.</summary>
    private async Task<StoreDatabase> MigratedAsync()
    {
        StoreDatabase database = await server.DatabaseAsync();
        await PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker);
        return database;
    }

    [Fact]
    public async Task A_schema_that_was_made_before_loses_these_rights_at_its_next_migration()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await database.ExecuteAsync(
            $"GRANT TEMPORARY, CREATE ON DATABASE {new NpgsqlConnectionStringBuilder(database.Owner).Database} TO PUBLIC, {PostgresServer.Broker}",
            $"GRANT CREATE ON SCHEMA enclave TO {PostgresServer.Broker}");
        using var source = NpgsqlDataSource.Create(database.Broker);
        Assert.Equal(["create temporary tables", "create schemas", "create objects in the schema enclave"], await BrokerRights.ExcessAsync(
            new Database(source), CancellationToken.None));

        Assert.Equal(0, await PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker));

        Assert.Empty(await BrokerRights.ExcessAsync(new Database(source), CancellationToken.None));
        await using TestBroker broker = await TestBroker.On(database.Broker);
        Assert.Equal(3, (await TestBroker.ReadAll(await broker.Open(TestBroker.By(null), TestBroker.Asks("print")))).Count);
    }

    [Fact]
    public async Task Rights_that_only_a_superuser_can_take_away_are_reported()
    {
        await using StoreDatabase database = await server.EmptyDatabaseAsync();
        await PostgreSqlSchema.MigrateAsync(database.Owner, PostgresServer.Broker);
        using var source = NpgsqlDataSource.Create(database.Broker);

        Assert.Contains("create large objects", await BrokerRights.ExcessAsync(new Database(source), CancellationToken.None));

        await database.ExecuteAsync(PostgresServer.LargeObjects, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        Assert.Empty(await BrokerRights.ExcessAsync(new Database(source), CancellationToken.None));
    }

    [Fact]
    public async Task A_partition_is_reached_through_the_log_alone()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        string partition = await database.ScalarAsync<string>("SELECT min(relname)::text FROM pg_class WHERE relname LIKE 'event\\_2%' AND relkind = 'r'");

        foreach (string statement in (string[])[$"DELETE FROM enclave.{partition}", $"DROP TABLE enclave.{partition}", $"SELECT * FROM enclave.{partition}"])
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege,
                (await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(database.Broker, statement))).SqlState);
        }
    }
}

using Enclave.Broker.PostgreSql.Tests.Servers;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Schema;

/// <summary>What a broker's role may not do, whoever has its password.</summary>
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
    public async Task It_is_refused(string statement)
    {
        await using StoreDatabase database = await server.DatabaseAsync();

        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(database.Broker, statement));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_partition_is_reached_through_the_log_alone()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        string partition = await database.ScalarAsync<string>("SELECT min(relname)::text FROM pg_class WHERE relname LIKE 'event\\_2%' AND relkind = 'r'");

        foreach (string statement in (string[])[$"DELETE FROM enclave.{partition}", $"DROP TABLE enclave.{partition}", $"SELECT * FROM enclave.{partition}"])
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => PostgresServer.ExecuteAsync(database.Broker, statement))).SqlState);
        }
    }
}

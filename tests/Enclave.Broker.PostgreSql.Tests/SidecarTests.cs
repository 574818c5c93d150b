using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Testing;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests;

/// <summary>References' values and the audit in the database.</summary>
public sealed class SidecarTests(PostgresServer server)
{
    [Fact]
    public async Task The_reference_store_keeps_the_contract()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database.Broker);

        await new Kept(new PostgreSqlReferenceStore(source)).VerifyAsync();
    }

    [Fact]
    public async Task Audit_records_that_come_twice_stand_there_once()
    {
        await using StoreDatabase database = await server.DatabaseAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database.Broker);
        var sink = new PostgreSqlAuditSink(source);
        // Scripts choose the names of the tools that they call.
        AuditRecord[] records = [.. Enumerable.Range(1, 500).Select((i) => new AuditRecord
        {
            Host = "h", Sequence = i, Time = DateTimeOffset.UnixEpoch, Kind = AuditRecordKind.ToolCall, Tool = "a\0b\ud800'",
        })];

        await sink.WriteAsync(records[..300], TestContext.Current.CancellationToken);
        await sink.WriteAsync(records, TestContext.Current.CancellationToken);

        Assert.Equal(500, await database.ScalarAsync<long>("SELECT count(*) FROM enclave.audit"));
        Assert.Equal(500, await database.ScalarAsync<long>("SELECT max(sequence) FROM enclave.audit"));
        Assert.Equal(records[0].ToJsonString(), await database.ScalarAsync<string>("SELECT record::text FROM enclave.audit WHERE sequence = 1"));
    }

    private sealed class Kept(IReferenceStore store) : ReferenceStoreContract
    {
        protected override IReferenceStore Store => store;
    }
}

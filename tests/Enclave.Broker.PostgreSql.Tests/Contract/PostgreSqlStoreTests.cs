using Enclave.Broker.PostgreSql.Tests.Servers;

namespace Enclave.Broker.PostgreSql.Tests.Contract;

/// <summary>The contract between two brokers on one database.</summary>
public sealed class PostgreSqlStoreTests(PostgresServer server) : SessionStoreContract
{
    private StoreDatabase? _database;

    private protected override async Task<(TestBroker Here, TestBroker There)> OpenPairAsync(BrokerOptions options)
    {
        _database = await server.DatabaseAsync();
        return (await TestBroker.On(_database.Broker, options), await TestBroker.On(_database.Broker, options));
    }

    private protected override ValueTask CleanAsync() => _database?.DisposeAsync() ?? ValueTask.CompletedTask;
}

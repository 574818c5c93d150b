using System.Security.Cryptography;
using Enclave.Broker.PostgreSql.Tests.Servers;
using Enclave.Host.Tests.Durable;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Runs;

/// <summary>Conversations in a database: each host has a store of its own, as in another process.</summary>
public sealed class PostgreSqlConversationTests(PostgresServer server) : ConversationTests, IAsyncLifetime
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly List<PostgreSqlRunStore> _stores = [];
    private StoreDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    private protected override RunStore Store
    {
        get
        {
            var store = new PostgreSqlRunStore(_source);
            _stores.Add(store);
            return store;
        }
    }

    private protected override IReadOnlyList<byte[]> Keys => [_key];

    public async ValueTask InitializeAsync()
    {
        _database = await server.DatabaseAsync();
        _source = NpgsqlDataSource.Create(_database.Broker);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (PostgreSqlRunStore store in _stores) await store.DisposeAsync();
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }
}

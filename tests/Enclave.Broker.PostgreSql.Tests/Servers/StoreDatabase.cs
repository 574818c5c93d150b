using Npgsql;

namespace Enclave.Broker.PostgreSql.Tests.Servers;

/// <summary>A database of one test.</summary>
internal sealed class StoreDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public PostgresServer Server => server;

    public string Name => name;

    public string Owner => server.Connection(name, PostgresServer.Owner);

    public string Broker => server.Connection(name, PostgresServer.Broker);

    public string Super => server.Connection(name, "postgres");

    public Task ExecuteAsync(params string[] statements) => PostgresServer.ExecuteAsync(Super, statements);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Super);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<List<T>> ColumnAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Super);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string connection in (string[])[Owner, Broker, Super]) NpgsqlConnection.ClearPool(new NpgsqlConnection(connection));
        await PostgresServer.ExecuteAsync(server.Connection("postgres", "postgres"), $"DROP DATABASE {name} WITH (FORCE)");
    }
}

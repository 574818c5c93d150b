using System.Text;
using Enclave.Cluster.Tests.Load;
using Npgsql;

namespace Enclave.Cluster.Tests.Checking;

/// <summary>Reads the tables of the store, as the schema's owner.</summary>
internal static class StoreReader
{
    private const string Sessions = "SELECT key, owner, id, broker, created_at, ended_at FROM enclave.session ORDER BY key",
        Events = "SELECT session, seq, type, line FROM enclave.event ORDER BY session, seq, day";

    public static async Task<IReadOnlyList<StoredSession>> ReadAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        ILookup<long, StoredEvent> events = (await RowsAsync(connection, Events, (row) => (row.GetInt64(0), new StoredEvent(
            row.GetInt64(1), row.GetString(2), Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(3)))))).ToLookup((one) => one.Item1, (one) => one.Item2);
        return await RowsAsync(connection, Sessions, (row) => new StoredSession(
            row.GetInt64(0), row.GetString(1),
            row.GetString(2), row.GetInt64(3), At(row.GetDateTime(4)), row.IsDBNull(5) ? null : At(row.GetDateTime(5)), [.. events[row.GetInt64(0)]]));
    }

    /// <summary>Number of sessions that have not ended.</summary>
    public static async Task<long> OpenAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM enclave.session WHERE ended_at IS NULL", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static long At(DateTime time) => Clock.Of(new DateTimeOffset(time));

    private static async Task<List<T>> RowsAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read)
    {
#pragma warning disable CA2100 // The two statements above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }
}

using Npgsql;

namespace Enclave.LoadBench.Http.Meters;

/// <summary>Measures the writes of sessions in the database, and finds the server's process. It connects as the brokers do and needs no other right.</summary>
internal sealed class PostgresMeter : IAsyncDisposable
{
    // Transactions that wrote are counted by transaction ids: pg_stat_database shows them up to ten seconds later.
    private const string Counts = """
        SELECT pg_snapshot_xmax(pg_current_snapshot())::text::float8,
          (SELECT count(*) FROM enclave.session)::float8,
          (SELECT count(*) FROM enclave.event)::float8,
          pg_total_relation_size('enclave.session')::float8,
          (SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'enclave.event'::regclass)::float8,
          pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8,
          (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid())::float8
        """;

    private readonly NpgsqlConnection _connection;

    private PostgresMeter(NpgsqlConnection connection, int server) => (_connection, Server) = (connection, server);

    /// <summary>The server's main process, the parent of all its others.</summary>
    public int Server { get; }

    public static async Task<PostgresMeter> OpenAsync(string file)
    {
        var connection = new NpgsqlConnection((await File.ReadAllTextAsync(file)).Trim() + ";Pooling=false;Application Name=enclave-bench");
        await connection.OpenAsync();
        int server = ProcessTimes.Read().ParentOf(connection.ProcessID);
        string name = (await File.ReadAllTextAsync($"/proc/{server}/comm")).Trim();
        return name.StartsWith("postgres", StringComparison.Ordinal)
            ? new PostgresMeter(connection, server)
            : throw new BenchException($"the database of {file} is not on this machine: its CPU time cannot be measured");
    }

    public async Task ReadAsync(Reading reading)
    {
        await using var command = new NpgsqlCommand(Counts, _connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        string[] names =
            [Reading.Writes, Reading.SessionRows, Reading.EventRows, Reading.SessionBytes, Reading.EventBytes, Reading.WalBytes, Reading.DatabaseConnections];
        for (int i = 0; i < names.Length; i++) reading.Counts[names[i]] = row.GetDouble(i);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}

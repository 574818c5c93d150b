using System.Net.Sockets;
using System.Runtime.InteropServices;
using Enclave.Broker.Store;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Statements;

/// <summary>Runs statements, and reports failures as <see cref="StoreException"/>.</summary>
/// <param name="source">Its connections.</param>
/// <param name="beside">Another source for the same server, whose idle connections are broken as well after a failure; null for none.</param>
internal sealed class Database(NpgsqlDataSource source, NpgsqlDataSource? beside = null) : IAsyncDisposable
{
    /// <summary>Longest time of one statement.</summary>
    public static readonly TimeSpan StatementTime = TimeSpan.FromSeconds(5);

    public NpgsqlDataSource Source => source;

    /// <summary>Connections with the settings of a store.</summary>
    /// <param name="connectionString">Connects to the server.</param>
    /// <param name="application">The name that the server shows, unless the connection string has one.</param>
    /// <param name="connections">The maximum number of connections; null for the number in the connection string.</param>
    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    public static NpgsqlDataSource Connect(string connectionString, string application, int? connections = null)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        NpgsqlConnectionStringBuilder connection = builder.ConnectionStringBuilder;
        Encryption.Demand(connection, connectionString);
        int seconds = (int)StatementTime.TotalSeconds;
        (connection.MaxAutoPrepare, connection.CommandTimeout, connection.Timeout, connection.KeepAlive) = (40, seconds, seconds, seconds);
        if (connections is { } most) connection.MaxPoolSize = most;
        connection.ApplicationName ??= application;
        return builder.Build();
    }

    /// <summary>Runs a statement and reads its rows.</summary>
    /// <exception cref="StoreException">The database is unavailable or refused.</exception>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] values)
    {
        try
        {
            return await RowsAsync(source.CreateCommand(sql), read, cancellationToken, values).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsOutage(fault))
        {
            throw Failed(fault);
        }
    }

    /// <summary>Runs a statement that may be repeated, and reads its rows. It is repeated once if its connection had broken since its last use.</summary>
    /// <exception cref="StoreException">The database is unavailable or refused.</exception>
    public Task<List<T>> AskAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        TwiceAsync(() => RowsAsync(sql, read, cancellationToken, values));

    /// <summary>As <see cref="BothAsync"/>, repeated as <see cref="AskAsync"/> is.</summary>
    /// <exception cref="StoreException">The database is unavailable or refused.</exception>
    public Task<(List<TOne> One, List<TOther> Other)> AskBothAsync<TOne, TOther>(
        string one, object?[] ofOne,
        Func<NpgsqlDataReader, TOne> readOne, string other, object?[] ofOther, Func<NpgsqlDataReader, TOther> readOther, CancellationToken cancellationToken) =>
        TwiceAsync(() => BothAsync(one, ofOne, readOne, other, ofOther, readOther, cancellationToken));

    private static async Task<T> TwiceAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (StoreException fault) when (fault.InnerException is IOException or NpgsqlException { InnerException: IOException })
        {
            return await work().ConfigureAwait(false);
        }
    }

    /// <summary>Runs a statement and returns the number of changed rows.</summary>
    /// <exception cref="StoreException">The database is unavailable or refused.</exception>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        try
        {
            return await ExecuteAsync(source.CreateCommand(sql), cancellationToken, values).ConfigureAwait(false);
        }
        catch (Exception fault) when (IsOutage(fault))
        {
            throw Failed(fault);
        }
    }

    /// <summary>Runs two statements in one round trip and one transaction, in order, and reads the rows of both.</summary>
    /// <exception cref="StoreException">The database is unavailable or refused.</exception>
    public async Task<(List<TOne> One, List<TOther> Other)> BothAsync<TOne, TOther>(
        string one, object?[] ofOne,
        Func<NpgsqlDataReader, TOne> readOne, string other, object?[] ofOther, Func<NpgsqlDataReader, TOther> readOther, CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlBatch batch = source.CreateBatch();
            await using (batch.ConfigureAwait(false))
            {
                Add(batch, one, ofOne);
                Add(batch, other, ofOther);
                NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    List<TOne> first = await AllAsync(reader, readOne, cancellationToken).ConfigureAwait(false);
                    await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                    return (first, await AllAsync(reader, readOther, cancellationToken).ConfigureAwait(false));
                }
            }
        }
        catch (Exception fault) when (IsOutage(fault))
        {
            throw Failed(fault);
        }
    }

    /// <summary>Runs a command, disposes it, and reads its rows. Exceptions are not converted.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] values)
    {
        await using (command.ConfigureAwait(false))
        {
            Fill(command.Parameters, values);
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false)) return await AllAsync(reader, read, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a command, disposes it, and returns the number of changed rows. Exceptions are not converted.</summary>
    public static async Task<int> ExecuteAsync(NpgsqlCommand command, CancellationToken cancellationToken, params object?[] values)
    {
        await using (command.ConfigureAwait(false))
        {
            Fill(command.Parameters, values);
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>True if the failure lies with the database or the connection, and not with the statement.</summary>
    public static bool IsOutage(Exception fault) =>
        fault is NpgsqlException or TimeoutException or SocketException or IOException or ObjectDisposedException or InvalidOperationException;

    /// <summary>True if the schema does not exist, or this role may not use it.</summary>
    public static bool LacksSchema(PostgresException fault) =>
        fault.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>After one connection broke, the idle ones are broken as well.</summary>
    private StoreException Failed(Exception fault)
    {
        if (fault is NpgsqlException and not PostgresException)
        {
            source.Clear();
            beside?.Clear();
        }

        return new StoreException(fault.Message, fault);
    }

    public static NpgsqlParameter Parameter(object? value) => new() { Value = value ?? DBNull.Value };

    /// <summary>A value as the driver takes it: copied unless it is a whole array.</summary>
    public static byte[] Bytes(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : value.ToArray();

    private static void Fill(NpgsqlParameterCollection parameters, object?[] values)
    {
        foreach (object? value in values) parameters.Add(Parameter(value));
    }

    private static void Add(NpgsqlBatch batch, string sql, object?[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Fill(command.Parameters, values);
        batch.BatchCommands.Add(command);
    }

    private static async Task<List<T>> AllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) rows.Add(read(reader));
        return rows;
    }
}

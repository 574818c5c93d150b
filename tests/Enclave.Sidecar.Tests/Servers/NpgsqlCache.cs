using Microsoft.Extensions.Caching.Distributed;
using Npgsql;

namespace Enclave.Sidecar.Tests.Servers;

/// <summary>The minimal cache in PostgreSQL that the contract needs.</summary>
internal sealed class NpgsqlCache(NpgsqlDataSource source) : IDistributedCache
{
    public static async Task CreateTableAsync(NpgsqlDataSource source)
    {
        // The socket accepts connections shortly before the server does.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await using NpgsqlCommand command = source.CreateCommand(
                    "CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value bytea NOT NULL, expires timestamptz NOT NULL)");
                await command.ExecuteNonQueryAsync(deadline.Token);
                return;
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                await Task.Delay(20, deadline.Token);
            }
        }
    }

    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        await using NpgsqlCommand command = source.CreateCommand("SELECT value FROM cache WHERE key = $1 AND expires > now()");
        command.Parameters.Add(new() { Value = key });
        return (byte[]?)await command.ExecuteScalarAsync(token);
    }

    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
    {
        token.ThrowIfCancellationRequested();
        await using NpgsqlCommand command = source.CreateCommand(
            "INSERT INTO cache VALUES ($1, $2, now() + $3) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires");
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(new() { Value = options.AbsoluteExpirationRelativeToNow!.Value });
        await command.ExecuteNonQueryAsync(token);
    }

    public async Task RemoveAsync(string key, CancellationToken token = default)
    {
        await using NpgsqlCommand command = source.CreateCommand("DELETE FROM cache WHERE key = $1");
        command.Parameters.Add(new() { Value = key });
        await command.ExecuteNonQueryAsync(token);
    }

    public byte[]? Get(string key) => throw new NotSupportedException();

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

    public void Refresh(string key) => throw new NotSupportedException();

    public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();
}

using System.Globalization;
using System.Security.Cryptography;
using Enclave.Broker.PostgreSql;
using Enclave.Tests.Servers;
using Npgsql;

namespace Enclave.LoadBench.Durable;

/// <summary>A store of durable runs with what measures it. It is removed at the end.</summary>
internal sealed class MeasuredStore(RunStore store) : IAsyncDisposable
{
    public RunStore Store => store;

    /// <summary>The keys that seal it; empty where entries never leave the process.</summary>
    public IReadOnlyList<byte[]> Keys { get; private init; } = [];

    /// <summary>The most suspended runs that are tried.</summary>
    public int MaxSuspended { get; private init; } = int.MaxValue;

    /// <summary>All bytes that it takes now, with rows, indexes and unused ends of pages.</summary>
    public required Func<Task<long>> BytesAsync { get; init; }

    /// <summary>The things that <see cref="BytesAsync"/> counts.</summary>
    public required string BytesAre { get; init; }

    /// <summary>Removes what the store leaves behind.</summary>
    public Func<Task> RemoveAsync { get; private init; } = () => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await RemoveAsync();
    }

    public static MeasuredStore InMemory()
    {
        RunStore store = RunStore.InMemory();
        return new MeasuredStore(store)
        {
            BytesAsync = async () => (await store.UsageAsync(null, CancellationToken.None)).Bytes,
            BytesAre = "bytes of entries",
        };
    }

    public static MeasuredStore InFolder()
    {
        string folder = Directory.CreateTempSubdirectory("enclave-durable-").FullName;
        return new MeasuredStore(RunStore.InFolder(folder))
        {
            Keys = [RandomNumberGenerator.GetBytes(32)],
            MaxSuspended = 100_000,
            BytesAsync = () => DiskBytesAsync(folder),
            BytesAre = "blocks of files and folders on the disk",
            RemoveAsync = () => Task.Run(() => Directory.Delete(folder, recursive: true)),
        };
    }

    /// <summary>A server of its own with its defaults, on the disk of the temporary folder.</summary>
    public static async Task<MeasuredStore> InDatabaseAsync()
    {
        const string Owner = "enclave_owner", Role = "enclave_broker";
        DirectoryInfo folder = Directory.CreateTempSubdirectory("enclave-durable-");
        PostgresProgram program = await PostgresProgram.MakeAsync(folder, "fsync=on", "max_connections=200", "shared_buffers=256MB", "max_wal_size=4GB")
            ?? throw new BenchException(PostgresProgram.Missing);
        ServerProcess server = await program.StartAsync();
        string super = $"Host={folder.FullName};Username=postgres;Database=postgres";
        await using (NpgsqlDataSource source = NpgsqlDataSource.Create(super))
        {
            await ReadyAsync(source);
            foreach (string sql in new[] { $"CREATE ROLE {Owner} LOGIN", $"CREATE ROLE {Role} LOGIN", $"CREATE DATABASE enclave OWNER {Owner}" })
                await source.CreateCommand(sql).ExecuteNonQueryAsync();
        }

        string ofOwner = $"Host={folder.FullName};Username={Owner};Database=enclave";
        await PostgreSqlSchema.MigrateAsync(ofOwner, Role);
        return new MeasuredStore(new PostgreSqlRunStore($"Host={folder.FullName};Username={Role};Database=enclave"))
        {
            Keys = [RandomNumberGenerator.GetBytes(32)],
            BytesAsync = () => TableBytesAsync(ofOwner),
            BytesAre = "tables, indexes and TOAST after VACUUM FULL",
            RemoveAsync = async () =>
            {
                server.Dispose();
                await Programs.OutputAsync("rm", ["-rf", folder.FullName]);
            },
        };
    }

    private static async Task ReadyAsync(NpgsqlDataSource source)
    {
        long began = Environment.TickCount64;
        while (true)
        {
            try
            {
                await source.CreateCommand("SELECT 1").ExecuteNonQueryAsync();
                return;
            }
            catch (NpgsqlException) when (Environment.TickCount64 - began < 30_000)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task<long> TableBytesAsync(string connection)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(connection + ";Command Timeout=600");
        foreach (string table in new[] { "run", "run_part", "run_wait" })
            await source.CreateCommand($"VACUUM FULL enclave.{table}").ExecuteNonQueryAsync();
        const string Sql =
            "SELECT sum(pg_total_relation_size(t::regclass))::bigint FROM unnest(ARRAY['enclave.run', 'enclave.run_part', 'enclave.run_wait']) t";
        return (long)(await source.CreateCommand(Sql).ExecuteScalarAsync())!;
    }

    private static async Task<long> DiskBytesAsync(string folder)
    {
        string output = await Programs.OutputAsync("du", ["-s", "-B1", folder]);
        return long.Parse(output.Split('\t')[0], CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using System.Security.Cryptography;

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

    /// <summary>What <see cref="BytesAsync"/> counts.</summary>
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

    private static async Task<long> DiskBytesAsync(string folder)
    {
        string output = await Programs.OutputAsync("du", ["-s", "-B1", folder]);
        return long.Parse(output.Split('\t')[0], CultureInfo.InvariantCulture);
    }
}

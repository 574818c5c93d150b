using Enclave.LoadBench.Http.Meters;

namespace Enclave.LoadBench.Http;

/// <summary>A broker and the servers that it needs, each in its own process, until it is disposed.</summary>
internal sealed class Tier : IAsyncDisposable
{
    private const int Runtimes = 2;

    private readonly List<IAsyncDisposable> _parts = [];

    private Tier()
    {
    }

    public required Uri Broker { get; init; }

    public required TierMeter Meter { get; init; }

    /// <summary>A broker that runs scripts itself.</summary>
    /// <param name="tools">The file with the tools' answers.</param>
    /// <param name="store">The file that names the database; null for none.</param>
    public static Task<Tier> EmbeddedAsync(string tools, string? store) => StartAsync(tools, store, null, null, (_) => Task.FromResult<string[]>([]));

    /// <summary>A broker over two runtimes that it dials.</summary>
    public static Task<Tier> OverSocketsAsync(string tools) => StartAsync(tools, null, null, null, async (started) =>
    {
        var addresses = new List<string>();
        for (int i = 0; i < Runtimes; i++)
        {
            CliProcess runtime = await started([]);
            addresses.AddRange(["--runtime", $"{runtime.Address}"]);
        }

        return [.. addresses];
    });

    /// <summary>A broker with two runtimes that take sessions from queues.</summary>
    public static Task<Tier> OverQueuesAsync(string tools, string? store, string queues, Uri? figures) =>
        StartAsync(tools, store, queues, figures, async (started) =>
    {
        for (int i = 0; i < Runtimes; i++) await started(["--queue-file", queues]);
        return ["--queue-file", queues];
    });

    public async ValueTask DisposeAsync()
    {
        // The broker ends before its runtimes.
        foreach (IAsyncDisposable part in Enumerable.Reverse(_parts)) await part.DisposeAsync();
    }

    private static async Task<Tier> StartAsync(
        string tools, string? store, string? queues, Uri? figures, Func<Func<string[], Task<CliProcess>>, Task<string[]>> runtimes)
    {
        var parts = new List<IAsyncDisposable>();
        var hosts = new List<CliProcess>();
        PostgresMeter? database = null;
        RabbitMeter? queue = null;
        try
        {
            string[] more = await runtimes(async (options) =>
            {
                CliProcess runtime = await CliProcess.StartAsync(["runtime", "--level", "standard", "--max-sessions", "16", .. options]);
                parts.Add(runtime);
                hosts.Add(runtime);
                return runtime;
            });
            if (store is not null) more = [.. more, "--store-file", store];
            CliProcess broker = await CliProcess.StartAsync(["serve", "--tools", tools, "--requests-per-minute", "100000000", .. more]);
            parts.Add(broker);
            if (store is not null) parts.Add(database = await PostgresMeter.OpenAsync(store));
            if (queues is not null) parts.Add(queue = await RabbitMeter.OpenAsync(queues, figures));
            var meter = new TierMeter(broker.Id, [.. hosts.Select((host) => host.Id)], database, queue);
            var tier = new Tier { Broker = broker.Address, Meter = meter };
            tier._parts.AddRange(parts);
            return tier;
        }
        catch
        {
            foreach (IAsyncDisposable part in Enumerable.Reverse(parts)) await part.DisposeAsync();
            throw;
        }
    }
}

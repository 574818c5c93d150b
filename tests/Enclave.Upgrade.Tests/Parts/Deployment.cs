namespace Enclave.Upgrade.Tests;

/// <summary>The parts of one deployment, and their shared servers.</summary>
internal sealed class Deployment(Uri? queue = null, string? store = null, string? owner = null) : IAsyncDisposable
{
    private const double DrainSeconds = 90;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-upgrade-");
    private readonly string _prefix = $"u{Guid.NewGuid():N}";
    private readonly List<Part> _parts = [];

    /// <summary>The prefix of the files with the effects of scripts: one file per broker, one line per call.</summary>
    private string Effects => Path.Combine(_folder.FullName, "effects");

    /// <summary>The addresses of runtimes that brokers connect to; empty if sessions go over queues.</summary>
    public int[] RuntimePorts { get; init; } = [];

    public Balancer Balancer { get; } = new();

    /// <summary>Adds a broker with runtimes, behind the balancer.</summary>
    public async Task<Part> Broker(Build build, bool migrates = false)
    {
        Part part = await Start(build, migrates);
        await Balancer.Add(part);
        return part;
    }

    /// <summary>Adds a broker without usable runtimes, which reports that it is not ready.</summary>
    public async Task<Part> ForsakenBroker(Build build)
    {
        Part part = await Start(build, migrates: false);
        Balancer.AddUnready(part);
        return part;
    }

    private Task<Part> Start(Build build, bool migrates) => Add(Part.Start(build, Part.Broker, new
    {
        Queue = queue?.ToString(),
        Prefix = _prefix,
        Runtimes = RuntimePorts.Select((port) => $"ws://127.0.0.1:{port}/ws"),
        Store = store,
        StoreOwner = migrates ? owner : null,
        Name = $"{build}",
        Effects,
        DrainSeconds,
    }));

    public async Task<Part> Runtime(Build build, int port = 0, int sessions = 8) =>
        await Add(Part.Start(build, Part.Runtime, new { Port = port, Queue = queue?.ToString(), Prefix = _prefix, MaxSessions = sessions, DrainSeconds }));

    /// <summary>The calls of <c>effect</c>, for each broker in order.</summary>
    public string[] ReadEffects() => [.. Directory.EnumerateFiles(_folder.FullName, "effects.*").SelectMany(File.ReadLines)];

    public async ValueTask DisposeAsync()
    {
        foreach (Part part in _parts) await part.DisposeAsync();
        Balancer.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<Part> Add(Task<Part> starting)
    {
        Part part = await starting;
        // Several may start at once.
        lock (_parts) _parts.Add(part);
        return part;
    }
}

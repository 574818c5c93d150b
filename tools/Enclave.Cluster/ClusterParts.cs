using System.Globalization;
using System.Security.Cryptography;
using Enclave.Cluster.Children;
using Enclave.Cluster.Clocks;
using Enclave.Cluster.Links;
using Enclave.Cluster.Servers;

namespace Enclave.Cluster;

/// <summary>All parts of a cluster: the two servers, brokers and runtimes, and a link from each of these to each server that it uses.</summary>
internal sealed class ClusterParts : IAsyncDisposable
{
    private readonly ClusterFolder _folder;
    private readonly ClusterRequest _request;
    private readonly Rabbit _rabbit;
    private readonly List<EnclaveProgram> _programs = [];
    private readonly List<Link> _links = [];
    private readonly List<Part> _parts = [];
    private readonly Dictionary<string, StepClock> _clocks = [];
    private readonly Action<Part> _changed;
    private ChildProcess? _nameServer;

    public ClusterParts(InstalledServers installed, ClusterFolder folder, ClusterRequest request, Action<Part> changed)
    {
        (_folder, _request, _changed) = (folder, request, changed);
        Store = new Postgres(installed, folder);
        _rabbit = new Rabbit(installed, folder);
        Add(Store);
        Add(_rabbit);
        for (int n = 1; n <= request.Tenants; n++)
            Tokens.Add(string.Create(CultureInfo.InvariantCulture, $"tenant-{n:D2}"), Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
    }

    public Postgres Store { get; }

    /// <summary>RabbitMQ's address for its administrator, without a link.</summary>
    public Uri Queue => _rabbit.AddressFor(Rabbit.Admin, _rabbit.Socket);

    public HealthProbe Probe { get; } = new();

    /// <summary>The clients' tokens, by owner.</summary>
    public SortedDictionary<string, string> Tokens { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<Part> All => _parts;

    public IReadOnlyList<Link> Links => _links;

    /// <summary>The adjustable clocks by the part's name; empty if parts use the machine's clock.</summary>
    public IReadOnlyDictionary<string, StepClock> Clocks => _clocks;

    /// <summary>Creates and starts the servers, then brokers and runtimes.</summary>
    /// <exception cref="PartException">A part does not start.</exception>
    /// <exception cref="IOException">A part cannot be created.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(StartStoreAsync(cancellationToken), StartQueueAsync(cancellationToken)).ConfigureAwait(false);
        string tokens = await _folder.WriteAsync("tokens", string.Join('\n', Tokens.Select((one) => $"{one.Key} {one.Key} {one.Value}"))).ConfigureAwait(false);
        for (int n = 1; n <= _request.Brokers; n++) await AddBrokerAsync($"broker-{n}", tokens).ConfigureAwait(false);
        for (int n = 1; n <= _request.Runtimes; n++) await AddRuntimeAsync($"runtime-{n}").ConfigureAwait(false);
        await Task.WhenAll(_parts.Where((part) => part.Address is not null).Select((part) => StartAsync(part, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>The links of one broker or runtime.</summary>
    public IEnumerable<Link> LinksOf(string name) => _links.Where((link) => link.Name.StartsWith($"{name}>", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        // The users of the servers stop first, so that they can still write to them.
        await Task.WhenAll(_parts.Where((part) => part.Address is not null).Select((part) => part.CloseAsync())).ConfigureAwait(false);
        await Task.WhenAll(_parts.Where((part) => part.Address is null).Select((part) => part.CloseAsync())).ConfigureAwait(false);
        _nameServer?.Send(Signals.Kill);
        foreach (Link link in _links) await link.DisposeAsync().ConfigureAwait(false);
        foreach (EnclaveProgram program in _programs) program.Dispose();
        _rabbit.Dispose();
        Probe.Dispose();
    }

    private static async Task StartAsync(Part part, CancellationToken cancellationToken)
    {
        await part.StartAsync(cancellationToken).ConfigureAwait(false);
        if (part.State != PartState.Ready) throw new PartException(
            $"{part.Name} runs and is not ready: its health is {part.Health.Status?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}");
    }

    private async Task StartStoreAsync(CancellationToken cancellationToken)
    {
        await Store.MakeAsync(cancellationToken).ConfigureAwait(false);
        await StartAsync(_parts[0], cancellationToken).ConfigureAwait(false);
        await Store.MigrateAsync(_request.KeepDays, cancellationToken).ConfigureAwait(false);
    }

    private async Task StartQueueAsync(CancellationToken cancellationToken)
    {
        await _rabbit.MakeAsync().ConfigureAwait(false);
        _nameServer = await ChildProcess.StartAsync(_rabbit.NameServer, _folder).ConfigureAwait(false);
        await StartAsync(_parts[1], cancellationToken).ConfigureAwait(false);
    }

    private async Task AddBrokerAsync(string name, string tokens)
    {
        Link store = AddLink($"{name}>postgres", Store.Socket), queue = AddLink($"{name}>rabbitmq", _rabbit.Socket);
        string storeFile = await _folder.WriteAsync($"{name}.store", Store.Connection(Postgres.Broker, store.Address)).ConfigureAwait(false);
        string queueFile = await _folder.WriteAsync($"{name}.queue", _rabbit.AddressFor(Rabbit.Broker, queue.Address).OriginalString).ConfigureAwait(false);
        Add(name, PartKind.Broker, ["--store-file", storeFile, "--queue-file", queueFile, "--token-file", tokens,
            .. _request.Tools.SelectMany((tool) => new[] { "--tool", tool }), .. _request.ClientTools.SelectMany((tool) => new[] { "--client-tool", tool })]);
    }

    private async Task AddRuntimeAsync(string name)
    {
        Link queue = AddLink($"{name}>rabbitmq", _rabbit.Socket);
        string queueFile = await _folder.WriteAsync($"{name}.queue", _rabbit.AddressFor(Rabbit.Runtime, queue.Address).OriginalString).ConfigureAwait(false);
        string[] places = _request.MaxSessions is { } most ? ["--max-sessions", most.ToString(CultureInfo.InvariantCulture)] : [];
        string[] degraded = _request.AllowDegradedIsolation is { } layers ? ["--allow-degraded-isolation", layers] : [];
        Add(name, PartKind.Runtime, ["--queue-file", queueFile, .. places, .. degraded]);
    }

    private Link AddLink(string name, System.Net.EndPoint server)
    {
        var link = new Link(name, server);
        _links.Add(link);
        return link;
    }

    private void Add(string name, PartKind kind, IReadOnlyList<string> arguments)
    {
        StepClock? clock = _request.Clocks ? StepClock.At(_folder.At($"{name}.clock")) : null;
        if (clock is not null) _clocks.Add(name, clock);
        var program = new EnclaveProgram(name, kind, new ReservedPort(), Probe, clock, ["--level", Part.Word(_request.Level), .. arguments]);
        _programs.Add(program);
        Add(program);
    }

    private void Add(IPartProgram program) => _parts.Add(new Part(program, _folder, _changed));
}

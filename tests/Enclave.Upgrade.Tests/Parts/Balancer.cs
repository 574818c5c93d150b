namespace Enclave.Upgrade.Tests;

/// <summary>Distributes requests over its brokers, like a load balancer.</summary>
internal sealed class Balancer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Part> _brokers = [];
    private readonly HttpClient _http =
        new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Dictionary<Part, int> _opening = [];
    private int _turn;

    public HttpClient Http => _http;

    /// <summary>Adds a broker as soon as it is ready.</summary>
    public async Task Add(Part broker)
    {
        await Patience.Until(async () => await IsReady(broker), () => $"the broker of the {broker.Build} build is ready; it wrote: {broker.Log}");
        lock (_gate) _brokers.Add(broker);
    }

    /// <summary>Adds a broker that will not become ready.</summary>
    public void AddUnready(Part broker)
    {
        lock (_gate) _brokers.Add(broker);
    }

    /// <summary>Removes a broker, and waits until the requests at it are answered.</summary>
    public async Task Remove(Part broker)
    {
        lock (_gate) _brokers.Remove(broker);
        await Patience.Until(() => Task.FromResult(Opening(broker) == 0), () => "all openings at a broker are done");
    }

    /// <summary>The next broker; null while there is none.</summary>
    public Part? Next()
    {
        lock (_gate) return _brokers.Count == 0 ? null : _brokers[_turn++ % _brokers.Count];
    }

    /// <summary>Counts a request until its response begins.</summary>
    public async Task<HttpResponseMessage> Send(Part broker, HttpRequestMessage request)
    {
        lock (_gate) _opening[broker] = _opening.GetValueOrDefault(broker) + 1;
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }
        finally
        {
            lock (_gate) _opening[broker]--;
        }
    }

    public void Dispose() => _http.Dispose();

    private int Opening(Part broker)
    {
        lock (_gate) return _opening.GetValueOrDefault(broker);
    }

    private async Task<bool> IsReady(Part broker)
    {
        using HttpResponseMessage health = await _http.GetAsync(new Uri(broker.Address, "/health"));
        return health.IsSuccessStatusCode;
    }
}

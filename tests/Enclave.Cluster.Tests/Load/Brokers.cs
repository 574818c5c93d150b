using System.Net.Http.Headers;
using System.Text;
using Enclave.Cluster.Tests.Servers;

namespace Enclave.Cluster.Tests.Load;

/// <summary>The brokers as clients reach them: directly, so that the broker of each line is known.</summary>
internal sealed class Brokers(ClusterProcess cluster) : IDisposable
{
    private static readonly TimeSpan s_headers = TimeSpan.FromSeconds(8);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10)
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>One of them, in turn.</summary>
    public BrokerAddress At(int turn) => cluster.Brokers[turn % cluster.Brokers.Count];

    public int Count => cluster.Brokers.Count;

    /// <summary>Any other than this one.</summary>
    public BrokerAddress Other(BrokerAddress than, int turn)
    {
        BrokerAddress[] others = [.. cluster.Brokers.Where((broker) => broker != than)];
        return others[turn % others.Length];
    }

    /// <summary>Returns as soon as the headers arrive, within a time limit.</summary>
    /// <exception cref="HttpRequestException">The broker is not running.</exception>
    /// <exception cref="TaskCanceledException">It does not answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        BrokerAddress broker, string tenant, HttpMethod method, string path, string? body, string? key, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(s_headers);
        using var request = new HttpRequestMessage(method, new Uri(broker.Address, path))
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Tokens[tenant]);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
    }

    public void Dispose() => _http.Dispose();
}

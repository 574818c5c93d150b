namespace Enclave.Cli.Cluster.Servers;

/// <summary>Asks brokers and runtimes how they are.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const int MaxAnswer = 64 << 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(1), MaxResponseContentBufferSize = MaxAnswer };

    /// <summary>The status of <c>GET /health</c>; null when there is no answer in a second.</summary>
    public async Task<int?> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(address, "/health"), cancellationToken).ConfigureAwait(false);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}

using System.Text.Json;

namespace Enclave.Cluster.Servers;

/// <summary>Requests the health of brokers and runtimes.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const int MaxAnswer = 64 << 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(1),
        MaxResponseContentBufferSize = MaxAnswer,
    };

    /// <summary>The response of <c>GET /health</c>; unknown if there is none within a second.</summary>
    public async Task<PartHealth> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri(address, "/health"), cancellationToken).ConfigureAwait(false);
            return new PartHealth((int)answer.StatusCode, Sessions(await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)));
        }
        catch (HttpRequestException)
        {
            return PartHealth.Unknown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return PartHealth.Unknown;
        }
    }

    public void Dispose() => _http.Dispose();

    private static int? Sessions(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("sessions", out JsonElement sessions)
                && sessions.ValueKind == JsonValueKind.Object && sessions.TryGetProperty("active", out JsonElement active) && active.TryGetInt32(out int count)
                ? count
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

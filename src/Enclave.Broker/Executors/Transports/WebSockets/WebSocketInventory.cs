using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Enclave.Broker.Fleet;
using Enclave.Broker.Json;
using Enclave.Broker.Stats;
using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>Asks the runtimes for their state over HTTP, with the credentials that their sockets need.</summary>
internal sealed class WebSocketInventory : IRuntimeInventory, IDisposable
{
    private const int MaxAnswerBytes = 1 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_fresh = TimeSpan.FromMilliseconds(500);

    private readonly RuntimeSelector _runtimes;
    private readonly RuntimeQueue _queue;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly Lock _gate = new();
    private Task<RuntimeStats[]>? _last;
    private long _asked;

    public WebSocketInventory(RuntimeSelector runtimes, RuntimeQueue queue, RuntimeOptions options, TimeProvider clock)
    {
        (_runtimes, _queue, _clock) = (runtimes, queue, clock);
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = s_patience };
        if (options.Certificate is { } certificate) handler.SslOptions.ClientCertificates = [certificate];
        _http = new HttpClient(handler) { Timeout = s_patience, MaxResponseContentBufferSize = MaxAnswerBytes };
        if (options.Token is { } token) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(BearerScheme.Name, token);
    }

    public string Mode => RuntimeModes.Runtimes;

    /// <summary>A runtime is asked at most twice per second, for any number of viewers.</summary>
    public async Task<IReadOnlyList<RuntimeStats>> InspectAsync(CancellationToken cancellationToken)
    {
        Task<RuntimeStats[]> answers;
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && _clock.GetElapsedTime(_asked) >= s_fresh))
                (_last, _asked) = (Task.WhenAll(_runtimes.All.Select(AskAsync)), _clock.GetTimestamp());
            answers = _last;
        }

        return await answers.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public IReadOnlyList<QueuePart> Queues() => [_queue.Stats()];

    public void Dispose() => _http.Dispose();

    private async Task<RuntimeStats> AskAsync(RemoteRuntime runtime)
    {
        string name = runtime.Address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        try
        {
            byte[] bytes = await _http.GetByteArrayAsync(Stats(runtime.Address)).ConfigureAwait(false);
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Read(document.RootElement, name, runtime);
        }
        catch (HttpRequestException fault) when (fault.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UpgradeRequired or HttpStatusCode.BadRequest)
        {
            // A runtime of the JavaScript product: it is reachable and reports no statistics.
            return new RuntimeStats(name, RuntimeStats.Ok, runtime.Active);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or JsonException or InvalidDataException)
        {
            string why = fault is OperationCanceledException ? $"it did not answer within {s_patience.TotalSeconds:0.###} s" : fault.Message;
            return new RuntimeStats(name, "unreachable", runtime.Active) { Message = why };
        }
    }

    private static RuntimeStats Read(JsonElement stats, string name, RemoteRuntime runtime)
    {
        if (stats.ValueKind != JsonValueKind.Object) throw new InvalidDataException("its answer is not a JSON object");
        return new RuntimeStats(
            name, runtime.IsIncompatible ? RuntimeStats.Unsupported : stats.Text("state") == "running" ? RuntimeStats.Ok : "stopping", runtime.Active)
        {
            Max = stats.TryGetProperty("maxSessions", out JsonElement max) && max.ValueKind == JsonValueKind.Number && max.TryGetInt32(out int most)
                ? most
                : null,
            Protocol = runtime.Protocol?.Version,
            Level = stats.Text("level"),
            Held = FleetJson.Count(stats, "activeSessions"),
            Version = FleetJson.Text(stats, "version", FleetPart.MaxName),
            Pool = Object(stats, "pool"),
            Isolation = Object(stats, "isolation"),
        };
    }

    private static JsonElement? Object(JsonElement stats, string name) =>
        stats.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value.Clone() : null;

    private static Uri Stats(Uri address) =>
        new(new UriBuilder(address) { Scheme = address.Scheme == Uri.UriSchemeWss ? Uri.UriSchemeHttps : Uri.UriSchemeHttp }.Uri, "stats");
}

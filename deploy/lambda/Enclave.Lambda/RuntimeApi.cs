using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Enclave.Lambda;

/// <summary>Lambda's runtime interface for custom runtimes, version 2018-06-01: fetches the next request, sends its answer or its failure.</summary>
internal sealed class RuntimeApi : IDisposable
{
    /// <summary>The variable with the address of the interface.</summary>
    public const string Variable = "AWS_LAMBDA_RUNTIME_API";

    private const int MaxIdCharacters = 128;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly HttpClient _http;

    /// <param name="place">Host and port.</param>
    public RuntimeApi(string place) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = new Uri($"http://{place}/2018-06-01/runtime/"),
        MaxResponseContentBufferSize = Invocation.MaxBytes,
        // Between two requests Lambda may freeze the process for any time.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Waits for the next request.</summary>
    /// <exception cref="RuntimeApiException">The response is not a valid invocation.</exception>
    public async Task<Invocation> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync("invocation/next", cancellationToken).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK) throw new RuntimeApiException($"the next invocation: {(int)response.StatusCode}");
            string id = Header(response, "Lambda-Runtime-Aws-Request-Id") ?? "";
            if (id.Length is 0 or > MaxIdCharacters) throw new RuntimeApiException("an invocation without an id");
            if (!long.TryParse(Header(response, "Lambda-Runtime-Deadline-Ms"), NumberStyles.None, CultureInfo.InvariantCulture, out long deadline)
                || deadline > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            {
                throw new RuntimeApiException("an invocation without a deadline");
            }

            return new Invocation(
                id, DateTimeOffset.FromUnixTimeMilliseconds(deadline), await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (HttpRequestException fault)
        {
            throw new RuntimeApiException($"the next invocation: {fault.Message}", fault);
        }
    }

    /// <summary>Sends the answer of a request.</summary>
    public Task AnswerAsync(Invocation invocation, string json) => PostAsync($"invocation/{Uri.EscapeDataString(invocation.Id)}/response", json, null);

    /// <summary>Reports that a request failed.</summary>
    public Task FailAsync(Invocation invocation, string type, string message) =>
        PostAsync($"invocation/{Uri.EscapeDataString(invocation.Id)}/error", Fault(type, message), type);

    /// <summary>Reports that this process cannot serve requests.</summary>
    public Task FailInitAsync(string type, string message) => PostAsync("init/error", Fault(type, message), type);

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(string path, string json, string? fault)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) };
        request.Content.Headers.ContentType = s_json;
        if (fault is not null) request.Headers.Add("Lambda-Runtime-Function-Error-Type", fault);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, patience.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw new RuntimeApiException($"{path}: {(int)response.StatusCode}");
        }
        catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException)
        {
            throw new RuntimeApiException($"{path}: {broken.Message}", broken);
        }
    }

    private static string Fault(string type, string message)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("errorMessage"u8, message);
            writer.WriteString("errorType"u8, type);
            writer.WriteStartArray("stackTrace"u8);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
}

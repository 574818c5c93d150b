using System.Net;
using System.Net.Http.Headers;
using Enclave.Streaming;

namespace Enclave.Client.Http;

/// <summary>Sends requests to one broker only: the caller's credentials go with each of them, so redirects are not followed.</summary>
internal sealed class BrokerConnection : IDisposable
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly HttpClient _http;
    private readonly bool _owned;
    private readonly EnclaveClientOptions _options;

    public BrokerConnection(EnclaveClientOptions options, HttpClient? http)
    {
        _options = options;
        _owned = http is null;
        // HTTP/2 if the broker offers it, which needs TLS.
        _http = http ?? new HttpClient(NewHandler()) { Timeout = Timeout.InfiniteTimeSpan, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
        Routes = new BrokerPaths(options.BaseUrl);
        // Invalid headers are the caller's mistake, so they are reported when the client is created.
        using HttpRequestMessage probe = NewRequest(HttpMethod.Get, Routes.Sessions, null, StreamProtocol.MediaType);
    }

    public BrokerPaths Routes { get; }

    /// <summary>Sends a request and returns the response as soon as its headers arrive.</summary>
    /// <exception cref="HttpRequestException">There was no response, or it came from another address.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, byte[]? body, string accept, CancellationToken cancellation)
    {
        using HttpRequestMessage request = NewRequest(method, address, body, accept);
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        // Only a caller's own handler follows redirects. A response from another address is not the broker's.
        if (Routes.IsHome(response.RequestMessage?.RequestUri ?? address)) return response;
        response.Dispose();
        throw new HttpRequestException("the response came from another address than the broker's");
    }

    /// <summary>Sends a request and returns the complete response.</summary>
    /// <exception cref="EnclaveClientException">There was no response, or it was too long.</exception>
    public async Task<BrokerResponse> AskAsync(HttpMethod method, Uri address, byte[]? body, TimeSpan patience, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(patience, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using HttpResponseMessage response = await SendAsync(method, address, body, "application/json", either.Token).ConfigureAwait(false);
            string? text = await BoundedBody.ReadAsync(response.Content, _options.MaxAnswerBytes, either.Token).ConfigureAwait(false);
            return text is null
                ? throw new EnclaveClientException(
                    ClientErrorCodes.ParseError, $"The broker's answer is longer than {_options.MaxAnswerBytes} bytes", (int)response.StatusCode)
                : new BrokerResponse((int)response.StatusCode, text, RetryAfter(response));
        }
        catch (OperationCanceledException cancelled) when (!cancellation.IsCancellationRequested)
        {
            if (!late.IsCancellationRequested) throw new EnclaveClientException(ClientErrorCodes.NetworkError, "The broker did not answer", inner: cancelled);
            throw new EnclaveClientException(ClientErrorCodes.Timeout, $"The broker did not answer in {patience}", inner: cancelled);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new EnclaveClientException(ClientErrorCodes.NetworkError, broken.Message, inner: broken);
        }
    }

    /// <summary>How long the broker asks to wait; null if it does not.</summary>
    public TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? after = response.Headers.RetryAfter;
        TimeSpan? wait = after?.Delta ?? after?.Date - _options.TimeProvider.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    public void Dispose()
    {
        if (_owned) _http.Dispose();
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        // Finds a broker whose address changed in DNS.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        MaxResponseHeadersLength = 64,
        // The rest of an abandoned stream is not read.
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
    };

    private HttpRequestMessage NewRequest(HttpMethod method, Uri address, byte[]? body, string accept)
    {
        var request = new HttpRequestMessage(method, address) { Version = _http.DefaultRequestVersion, VersionPolicy = _http.DefaultVersionPolicy };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = s_json } };
        if (_options.BearerToken is { } token) request.Headers.Authorization = new AuthenticationHeaderValue(BearerScheme.Name, token);
        foreach ((string name, string value) in _options.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.Add(name, value);
        }

        return request;
    }
}

using System.Net;
using System.Net.Http.Headers;
using Enclave.Streaming;

namespace Enclave.Client.Http;

/// <summary>Sends requests to one broker and to nobody else: what names the caller goes with each of them, and no answer leads elsewhere.</summary>
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
        // HTTP/2 where the broker offers it, which only TLS can say.
        _http = http ?? new HttpClient(NewHandler()) { Timeout = Timeout.InfiniteTimeSpan, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
        Routes = new BrokerPaths(options.BaseUrl);
        // What cannot be sent is the caller's mistake, and told when the client is made.
        using HttpRequestMessage probe = NewRequest(HttpMethod.Get, Routes.Sessions, null, StreamProtocol.MediaType);
    }

    public BrokerPaths Routes { get; }

    /// <summary>Sends a request and gives the answer once its headers are there.</summary>
    /// <exception cref="HttpRequestException">No answer came, or it came from another place.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, byte[]? body, string accept, CancellationToken cancellation)
    {
        using HttpRequestMessage request = NewRequest(method, address, body, accept);
        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        // Only a caller's own handler follows redirects; what another place says is not the broker's answer.
        if (Routes.IsHome(response.RequestMessage?.RequestUri ?? address)) return response;
        response.Dispose();
        throw new HttpRequestException("the broker's answer came from another address");
    }

    /// <summary>Sends a request and gives the whole answer.</summary>
    /// <exception cref="EnclaveClientException">There is none, or it is longer than it may be.</exception>
    public async Task<Answer> AskAsync(HttpMethod method, Uri address, byte[]? body, TimeSpan patience, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(patience, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using HttpResponseMessage response = await SendAsync(method, address, body, "application/json", either.Token).ConfigureAwait(false);
            string? text = await BoundedBody.ReadAsync(response.Content, _options.MaxAnswerBytes, either.Token).ConfigureAwait(false);
            return text is null
                ? throw new EnclaveClientException(ClientErrorCodes.ParseError, $"The broker's answer is longer than {_options.MaxAnswerBytes} bytes", (int)response.StatusCode)
                : new Answer((int)response.StatusCode, text, RetryAfter(response));
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

    /// <summary>How long the broker asks to wait; null when it does not.</summary>
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
        // So that a broker that moves is found again.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        MaxResponseHeadersLength = 64,
        // A stream that is given up is not read to its end first.
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(100),
    };

    private HttpRequestMessage NewRequest(HttpMethod method, Uri address, byte[]? body, string accept)
    {
        var request = new HttpRequestMessage(method, address) { Version = _http.DefaultRequestVersion, VersionPolicy = _http.DefaultVersionPolicy };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = s_json } };
        if (_options.BearerToken is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach ((string name, string value) in _options.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.Add(name, value);
        }

        return request;
    }
}

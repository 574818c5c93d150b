using System.Net;
using System.Text;
using Enclave.Runtime.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Enclave.Cluster.Web;

/// <summary>
/// The common address of all brokers. Each request goes to the next healthy broker, and its response is forwarded as it
/// arrives. A request that was sent, even in part, is never sent again.
/// </summary>
internal sealed class FrontProxy : IAsyncDisposable
{
    private const int MaxConnections = 4096, BufferBytes = 16 << 10;

    /// <summary>Headers of a single hop (RFC 9110, 7.6.1).</summary>
    private static readonly HashSet<string> s_hop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Proxy-Authenticate", "Proxy-Authorization",
    };

    private readonly Part[] _brokers;
    private readonly HttpMessageInvoker _http;
    private LocalServer? _server;
    private uint _turn;

    private FrontProxy(IEnumerable<Part> brokers)
    {
        _brokers = [.. brokers];
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            // A connection for each request: a broker may close an idle one just when it is used, and the fate of the request would be unknown.
            PooledConnectionLifetime = TimeSpan.Zero,
            ActivityHeadersPropagator = null,
        });
    }

    public Uri Address => _server!.Address;

    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<FrontProxy> StartAsync(int port, IEnumerable<Part> brokers, CancellationToken cancellationToken)
    {
        var proxy = new FrontProxy(brokers);
        proxy._server = await LocalServer.StartAsync(port, MaxConnections, null, proxy.AnswerAsync, cancellationToken).ConfigureAwait(false);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        UnauthenticatedConnections.Admit(context);
        if (Next() is not { } broker)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "no broker is ready").ConfigureAwait(false);
            return;
        }

        using HttpRequestMessage request = Request(context, broker.Address!);
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            broker.Health = PartHealth.Unknown;
            await RefuseAsync(
                context, StatusCodes.Status502BadGateway, $"{broker.Name} did not answer; it may or may not have handled the request").ConfigureAwait(false);
            return;
        }

        using (answer) await PassAsync(context, answer).ConfigureAwait(false);
    }

    /// <summary>The next healthy broker.</summary>
    private Part? Next()
    {
        uint turn = Interlocked.Increment(ref _turn);
        for (uint i = 0; i < _brokers.Length; i++)
        {
            Part broker = _brokers[(turn + i) % _brokers.Length];
            // A stopping broker takes no more requests, although its health may not show it yet.
            if (broker.Health.IsWell && broker.State != PartState.Stopping) return broker;
        }

        return null;
    }

    private static HttpRequestMessage Request(HttpContext context, Uri broker)
    {
        HttpRequest asked = context.Request;
        var request = new HttpRequestMessage(new HttpMethod(asked.Method), new Uri(broker, $"{asked.Path}{asked.QueryString}"))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true) request.Content = new StreamContent(asked.Body, BufferBytes);
        foreach ((string name, StringValues values) in asked.Headers)
        {
            if (s_hop.Contains(name)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return request;
    }

    private static async Task PassAsync(HttpContext context, HttpResponseMessage answer)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (!s_hop.Contains(name)) context.Response.Headers[name] = values.ToArray();
        }

        byte[] buffer = new byte[BufferBytes];
        try
        {
            // Only the head, for a reader that waits for it before there are events.
            await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
            Stream body = await answer.Content.ReadAsStreamAsync(context.RequestAborted).ConfigureAwait(false);
            while (await body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false) is var count && count > 0)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            // The reader must see that the response is incomplete.
            context.Abort();
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json; charset=utf-8");
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($$"""{"code":"SERVICE_UNAVAILABLE","message":"{{message}}"}"""), context.RequestAborted)
            .AsTask();
    }
}

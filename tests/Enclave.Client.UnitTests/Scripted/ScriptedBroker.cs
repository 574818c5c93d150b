using System.Collections.Concurrent;
using System.Threading.Channels;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Enclave.Client.UnitTests;

/// <summary>A broker on loopback that follows the test's script, request by request.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (Func<Exchange, Task>[] Steps, StrongCount Asked)> _routes = new();
    private readonly Channel<Exchange> _arrivals = Channel.CreateUnbounded<Exchange>();
    private readonly ConcurrentQueue<Exchange> _all = new();

    private Func<Exchange, Task> _otherwise = (missing) => missing.AnswerAsync(404, """{"code":"NOT_FOUND","message":"nothing here"}""");

    private ScriptedBroker(WebApplication app) => _app = app;

    /// <summary>Its address, with a slash at the end.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>The requests so far, in order.</summary>
    public IReadOnlyList<Exchange> Exchanges => [.. _all];

    /// <summary>The requests as texts, such as <c>GET /sessions/s_1</c>.</summary>
    public IReadOnlyList<string> Asked => [.. _all.Select((exchange) => exchange.Line)];

    public static async Task<ScriptedBroker> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel((server) =>
        {
            server.AddServerHeader = false;
            server.Listen(System.Net.IPAddress.Loopback, 0, (listen) => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        var broker = new ScriptedBroker(app);
        app.Run(broker.HandleAsync);
        await app.StartAsync();
        broker.BaseUrl = new Uri($"{app.Urls.First()}/");
        return broker;
    }

    /// <summary>
    /// Sets the steps of a route such as <c>GET /sessions/*/stream</c>: one step per request,
    /// and the last one for all further requests. Without any, 404.
    /// </summary>
    public ScriptedBroker On(string route, params Func<Exchange, Task>[] steps)
    {
        _routes[route] = (steps, new StrongCount());
        return this;
    }

    /// <summary>Sets the response of all other routes.</summary>
    public void Otherwise(Func<Exchange, Task> step) => _otherwise = step;

    /// <summary>The next request.</summary>
    public Task<Exchange> NextAsync(string what) => Within.Deadline(_arrivals.Reader.ReadAsync().AsTask(), what);

    /// <summary>The next request of a route; others are skipped.</summary>
    public async Task<Exchange> NextAsync(string route, string what)
    {
        Exchange exchange;
        do exchange = await NextAsync(what);
        while (exchange.Route != route);
        return exchange;
    }

    public EnclaveClient Client(ManualClock? clock = null, Func<EnclaveClientOptions, EnclaveClientOptions>? with = null) =>
        new(with is null ? Options(clock) : with(Options(clock)));

    /// <summary>Settings without waits, unless the test has a clock.</summary>
    public EnclaveClientOptions Options(ManualClock? clock = null) => new()
    {
        BaseUrl = BaseUrl,
        ReconnectDelay = clock is null ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
        TimeProvider = clock ?? TimeProvider.System,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (Exchange exchange in _all) exchange.Release();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var exchange = new Exchange(context);
        await exchange.ReadAsync();
        _all.Enqueue(exchange);
        Func<Exchange, Task> step = _otherwise;
        if (_routes.TryGetValue(exchange.Route, out (Func<Exchange, Task>[] Steps, StrongCount Asked) route))
            step = route.Steps[Math.Min(route.Asked.Next(), route.Steps.Length - 1)];
        _arrivals.Writer.TryWrite(exchange);
        try
        {
            await step(exchange);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The client has disconnected.
        }
    }

    private sealed class StrongCount
    {
        private int _count = -1;

        public int Next() => Interlocked.Increment(ref _count);
    }
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Enclave.Client.Tests;

/// <summary>A broker on loopback that does what the test says, request by request.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (Func<Exchange, Task>[] Steps, StrongCount Asked)> _routes = new();
    private readonly Channel<Exchange> _arrivals = Channel.CreateUnbounded<Exchange>();
    private readonly ConcurrentQueue<Exchange> _all = new();

    private Func<Exchange, Task> _otherwise = (missing) => missing.AnswerAsync(404, """{"code":"NOT_FOUND","message":"nothing here"}""");

    private ScriptedBroker(WebApplication app) => _app = app;

    /// <summary>Where it listens, with a slash at the end.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>What was asked so far, in order.</summary>
    public IReadOnlyList<Exchange> Exchanges => [.. _all];

    /// <summary>What was asked, as <c>GET /sessions/s_1</c>.</summary>
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

    /// <summary>What happens at a route such as <c>GET /sessions/*/stream</c>: the first time the first step, and so on; the last one from then on. Without any it is 404.</summary>
    public ScriptedBroker On(string route, params Func<Exchange, Task>[] steps)
    {
        _routes[route] = (steps, new StrongCount());
        return this;
    }

    /// <summary>What happens everywhere else.</summary>
    public void Otherwise(Func<Exchange, Task> step) => _otherwise = step;

    /// <summary>The next request that has come.</summary>
    public Task<Exchange> NextAsync(string what) => Within.Deadline(_arrivals.Reader.ReadAsync().AsTask(), what);

    /// <summary>The next request of a route; others are passed over.</summary>
    public async Task<Exchange> NextAsync(string route, string what)
    {
        Exchange exchange;
        do exchange = await NextAsync(what);
        while (exchange.Route != route);
        return exchange;
    }

    public EnclaveClient Client(ManualClock? clock = null, Func<EnclaveClientOptions, EnclaveClientOptions>? with = null) => new(with is null ? Options(clock) : with(Options(clock)));

    /// <summary>Settings that wait for nothing, unless the test has a clock.</summary>
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
        if (_routes.TryGetValue(exchange.Route, out (Func<Exchange, Task>[] Steps, StrongCount Asked) route)) step = route.Steps[Math.Min(route.Asked.Next(), route.Steps.Length - 1)];
        _arrivals.Writer.TryWrite(exchange);
        try
        {
            await step(exchange);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The client has left.
        }
    }

    private sealed class StrongCount
    {
        private int _count = -1;

        public int Next() => Interlocked.Increment(ref _count);
    }
}

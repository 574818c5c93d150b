using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enclave.Broker.Tests;

/// <summary>An application with a broker on a port of loopback, and a client of it.</summary>
internal sealed class BrokerApp : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;

    private BrokerApp(WebApplication app, Uri address)
    {
        (_app, Address) = (app, address);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1000 })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>A broker over workers of its own, open to everybody.</summary>
    public static Task<BrokerApp> Open(Action<BrokerOptions>? broker = null, Action<EnclaveOptions>? enclave = null) =>
        Start(
            (services) =>
            {
                services.AddEnclave((options) =>
                {
                    TestTools.Add(options);
                    enclave?.Invoke(options);
                });
                services.AddEnclaveBroker(broker);
            },
            static (app) => app.MapEnclaveBroker().AllowAnonymous());

    /// <summary>A broker with the tools of the tests, whose sessions run on runtimes; open to everybody.</summary>
    public static Task<BrokerApp> Over(Action<RuntimeOptions> runtimes, Action<BrokerOptions>? broker = null, Action<EnclaveOptions>? enclave = null) => Start(
        (services) =>
        {
            services.AddOptions<EnclaveOptions>().Configure(TestTools.Add).Configure((options) => enclave?.Invoke(options));
            services.AddEnclaveBrokerOverRuntimes(runtimes, broker);
        },
        static (app) => app.MapEnclaveBroker().AllowAnonymous());

    public static async Task<BrokerApp> Start(Action<IServiceCollection> services, Action<WebApplication> routes, string address = "http://127.0.0.1:0")
    {
        WebApplicationBuilder builder = LocalWeb.Builder(address);
        // The slim builder has no TLS of its own.
        if (address.StartsWith("https:", StringComparison.Ordinal)) builder.WebHost.UseKestrelHttpsConfiguration();
        services(builder.Services);
        WebApplication app = builder.Build();
        routes(app);
        return new BrokerApp(app, await LocalWeb.Start(app));
    }

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>Posts a session and returns its response as soon as the headers are there.</summary>
    public Task<HttpResponseMessage> Post(string body, string path = "/sessions") => Send(HttpMethod.Post, path, body);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? body = null, string? token = null, string? origin = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Json(body) };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (origin is not null) request.Headers.Add("Origin", origin);
        return await Within.Deadline(Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), $"answer to {method} {path}");
    }

    /// <summary>Runs a script to its end and returns all events.</summary>
    public Task<JsonElement[]> Run(string code, string more = "") => Run(code, s_patience, more);

    /// <summary>As above, for scripts that wait longer than a session may take.</summary>
    public async Task<JsonElement[]> Run(string code, TimeSpan patience, string more = "")
    {
        using HttpResponseMessage response = await Post($$"""{ "code": {{JsonSerializer.Serialize(code)}} {{more}} }""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await Events(response, patience);
    }

    public static Task<JsonElement[]> Events(HttpResponseMessage response) => Events(response, s_patience);

    private static async Task<JsonElement[]> Events(HttpResponseMessage response, TimeSpan patience)
    {
        string text = await Within.Deadline(response.Content.ReadAsStringAsync(), "end of the stream", patience);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select((line) => JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 512 }).RootElement)];
    }

    public async Task<JsonElement> Get(string path)
    {
        using HttpResponseMessage response = await Send(HttpMethod.Get, path);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    public Task StopAsync() => Within.Deadline(_app.StopAsync(), "stop of the broker");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Within.Deadline(_app.DisposeAsync().AsTask(), "end of the broker");
    }
}

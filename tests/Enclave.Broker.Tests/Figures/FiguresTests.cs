using System.Net;
using System.Text.Json;
using Enclave.Runtime;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Figures;

/// <summary>The statistics for an operator.</summary>
public sealed class FiguresTests
{
    private const string Secret = "the-runtimes-own-secret";

    [Fact]
    public async Task Sessions_workers_and_layers_are_told_of()
    {
        await using BrokerApp app = await BrokerApp.Start(Services, Routes);
        await app.Run("return 1");
        await app.Run("throw new Error('no')");
        await app.Run("const all = []; for (let i = 0; i < 10000; i++) all.push(new Array(100000).fill(i)); return 1");

        JsonElement figures = await app.Get("/figures");

        Assert.Equal(("embedded", "standard"), (figures.GetProperty("mode").GetString(), figures.GetProperty("level").GetString()));
        Assert.Equal((0, 3, 100), (figures.GetProperty("sessions").GetProperty("active").GetInt32(),
            figures.GetProperty("sessions").GetProperty("total").GetInt32(), figures.GetProperty("sessions").GetProperty("max").GetInt32()));
        Assert.Equal("""{"MEMORY_LIMIT_EXCEEDED":1,"OK":1,"RUNTIME_ERROR":1}""", figures.GetProperty("codes").GetRawText());
        Assert.Equal(60_000, figures.GetProperty("limits").GetProperty("sessionTtlMs").GetInt32());
        JsonElement here = figures.GetProperty("places").EnumerateArray().Single();
        Assert.Equal(("this process", "ok"), (here.GetProperty("name").GetString(), here.GetProperty("status").GetString()));
        JsonElement pool = here.GetProperty("pool");
        Assert.Equal((3, 3), (pool.GetProperty("submitted").GetInt32(), pool.GetProperty("settled").GetInt32()));
        await Within.Becomes(() => app.Get("/figures").GetAwaiter().GetResult().GetProperty("places")[0].GetProperty("pool").GetProperty("recycled")
            .TryGetProperty("memory", out JsonElement count) && count.GetInt32() == 1, "the worker of the bomb was counted", () =>
                app.Get("/figures").GetAwaiter().GetResult().GetProperty("places")[0].GetProperty("pool").GetRawText());
        JsonElement[] layers = [.. here.GetProperty("isolation").GetProperty("layers").EnumerateArray()];
        Assert.Equal(Enum.GetValues<IsolationLayer>().Length, layers.Length);
        Assert.Contains(layers, (layer) => layer.GetProperty("status").GetString() == "active" && layer.GetProperty("active").GetInt32() > 0);
    }

    [Fact]
    public async Task Each_of_the_last_seconds_has_its_sessions_and_their_times()
    {
        await using BrokerApp app = await BrokerApp.Start(Services, Routes);
        await app.Run("return 1");
        await app.Run("throw new Error('no')");

        JsonElement[] seconds = [];
        await Within.Becomes(
            () =>
            {
                seconds = [.. app.Get("/figures").GetAwaiter().GetResult().GetProperty("seconds").EnumerateArray()];
                return seconds.Sum((second) => second.GetProperty("sessions").GetInt32()) == 2;
            },
            "the second of both sessions was over");

        Assert.Equal(60, seconds.Length);
        Assert.Equal(Enumerable.Range(0, 60).Select((i) => seconds[0].GetProperty("at").GetInt64() + i), seconds.Select(
            (second) => second.GetProperty("at").GetInt64()));
        Assert.Equal(1, seconds.Sum((second) => second.GetProperty("failed").GetInt32()));
        Assert.All(seconds, (second) => Assert.Equal(
            second.GetProperty("sessions").GetInt32() == 0, second.GetProperty("p50").ValueKind == JsonValueKind.Null));
        Assert.All(seconds.Where((second) => second.GetProperty("sessions").GetInt32() > 0), (second) => Assert.InRange(
            second.GetProperty("p50").GetDouble(), 0.001, second.GetProperty("p99").GetDouble()));
    }

    [Fact]
    public async Task Runtimes_tell_of_theirs_and_one_that_is_gone_is_shown_as_such()
    {
        await using RuntimeWorker here = await StartRuntime(), gone = await StartRuntime();
        await using BrokerApp app = await Over(Secret, here.Address!, gone.Address!);
        for (int i = 0; i < 2; i++) await app.Run("return 1");
        await gone.StopAsync();

        // A runtime is asked at most twice per second, and the broker itself asks too.
        JsonElement figures = default;
        JsonElement[] places = [];
        await Within.Becomes(
            () =>
            {
                figures = app.Get("/figures").GetAwaiter().GetResult();
                places = [.. figures.GetProperty("places").EnumerateArray()];
                return places.Select((place) => place.GetProperty("status").GetString()).SequenceEqual(["ok", "unreachable"]);
            },
            "one is gone",
            () => figures.GetRawText());

        Assert.Equal("runtimes", figures.GetProperty("mode").GetString());
        Assert.Equal(
            (10, 1), (places[0].GetProperty("sessions").GetProperty("max").GetInt32(), places[0].GetProperty("pool").GetProperty("settled").GetInt32()));
        Assert.NotEqual(0, places[0].GetProperty("isolation").GetProperty("layers").GetArrayLength());
        Assert.NotEmpty(places[1].GetProperty("message").GetString()!);
        Assert.Equal(JsonValueKind.Null, places[1].GetProperty("pool").ValueKind);
    }

    [Fact]
    public async Task B8_A_runtime_tells_its_figures_to_nobody_without_the_secret()
    {
        await using RuntimeWorker runtime = await StartRuntime();
        await using BrokerApp app = await Over("another-secret-altogether", runtime.Address!);
        using var http = new HttpClient();
        Uri stats = new(new UriBuilder(runtime.Address!) { Scheme = "http" }.Uri, "stats");

        using HttpResponseMessage nobody = await http.GetAsync(stats);
        JsonElement place = (await app.Get("/figures")).GetProperty("places")[0];

        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.DoesNotContain("pool", await nobody.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("unreachable", place.GetProperty("status").GetString());
    }

    [Fact]
    public async Task B1_Figures_that_nobody_guards_do_not_start()
    {
        InvalidOperationException refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => BrokerApp.Start(Services, static (app) =>
        {
            app.MapEnclaveBroker().AllowAnonymous();
            app.MapEnclaveBrokerFigures();
        }));

        Assert.Contains("RequireAuthorization()", refused.Message, StringComparison.Ordinal);
    }

    private static void Services(IServiceCollection services) => services.AddEnclaveBroker();

    private static void Routes(WebApplication app)
    {
        app.MapEnclaveBroker().AllowAnonymous();
        app.MapEnclaveBrokerFigures().AllowAnonymous();
    }

    private static async Task<RuntimeWorker> StartRuntime()
    {
        RuntimeWorker runtime = RuntimeWorkerFactory.CreateRuntimeWorker(
            new RuntimeWorkerOptions { Port = 0, SecurityLevel = SecurityLevel.Standard, Security = new RuntimeSecurityOptions { SharedSecret = Secret } });
        await Within.Deadline(runtime.StartAsync(), "start of the runtime");
        return runtime;
    }

    private static Task<BrokerApp> Over(string secret, params Uri[] runtimes) => BrokerApp.Start(
        (services) => services.AddEnclaveBrokerOverRuntimes((options) =>
        {
            foreach (Uri runtime in runtimes) options.Runtimes.Add(runtime);
            options.Token = secret;
        }),
        Routes);
}

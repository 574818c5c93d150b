using System.Globalization;
using System.Text.Json;
using Enclave.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Enclave.UpgradePeer;

/// <summary>A broker for the owners <c>alice</c>, <c>bob</c> and <c>carol</c>. Each token is the name, four times.</summary>
internal static class BrokerPeer
{
    private static readonly Lock s_effects = new();

    private static readonly string[] s_owners = ["alice", "bob", "carol"];

    public static async Task<int> RunAsync(PeerSettings settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders()
            .AddSimpleConsole((console) => console.SingleLine = true).SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(static (console) => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // Sessions get four fifths of it.
        builder.Services.Configure<HostOptions>((host) => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.DrainSeconds / 0.8));
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.Port}");
        await using TestEnclave? acted = Add(builder.Services, settings);
        builder.Services.AddEnclaveBrokerTokens((tokens) =>
        {
            foreach (string owner in s_owners) tokens.Add(string.Concat(Enumerable.Repeat(owner, 4)).PadRight(16, '0'), owner, owner);
        });
        if (settings.Store is { } store)
        {
            builder.Services.AddEnclaveBrokerPostgreSql((options) =>
            {
                (options.ConnectionString, options.OwnerConnectionString, options.Name) = (store, settings.StoreOwner, settings.Name);
                (options.Heartbeat, options.Lease, options.Poll) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(8), TimeSpan.FromMilliseconds(500));
            });
        }

        await using WebApplication app = builder.Build();
        app.MapEnclaveBroker().RequireAuthorization();
        app.MapEnclaveBrokerFigures().AllowAnonymous();
        await app.StartAsync();
        Console.WriteLine(JsonSerializer.Serialize(
            new { listening = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() }));
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static TestEnclave? Add(IServiceCollection services, PeerSettings settings)
    {
        services.AddOptions<EnclaveOptions>().Configure((options) => AddTools(options, settings.Effects));
        if (settings.Queue is { } queue) services.AddEnclaveBrokerOverQueues((queues) => (queues.Address, queues.Prefix) = (new Uri(queue), settings.Prefix));
        else if (settings.Runtimes.Length > 0)
        {
            services.AddEnclaveBrokerOverRuntimes((runtimes) =>
            {
                foreach (string runtime in settings.Runtimes) runtimes.Runtimes.Add(new Uri(runtime));
            });
        }
        else
        {
            var acted = new TestEnclave((options) =>
            {
                AddTools(options, settings.Effects);
                options.Adapter = EnclaveAdapter.WorkerPool;
            });
            acted.When(static (_) => true).Runs(AskAsync);
            services.AddSingleton(acted.Host);
            services.AddEnclaveBroker((broker) => broker.ClientTools = ["ask"]);
            return acted;
        }

        return null;
    }

    /// <summary>A simulated script: calls its client as often as a comment at its beginning says, one call after another, with an effect after each.</summary>
    private static async Task<object?> AskAsync(FakeScript script)
    {
        string[] words = script.Run.Code.Split(' ', 4);
        int times = int.Parse(words[1], CultureInfo.InvariantCulture);
        double sum = 0;
        for (int i = 1; i <= times; i++)
        {
            script.Print($"asking {i}");
            sum += (await script.CallAsync("ask", new Dictionary<string, object?> { ["n"] = i })).AsDouble();
            await script.CallAsync("effect", new Dictionary<string, object?> { ["key"] = $"{words[2]}/{i}" });
        }

        return sum;
    }

    private static void AddTools(EnclaveOptions options, string? effects)
    {
        options.Tools.Add("effect", (Effect args, ToolContext _, CancellationToken _) =>
        {
            lock (s_effects) File.AppendAllText($"{effects}.{Environment.ProcessId}", args.Key + "\n");
            return Task.FromResult(true);
        });
        options.Tools.Add("nap", async (Nap args, ToolContext _, CancellationToken cancelled) =>
        {
            await Task.Delay(args.Ms, cancelled);
            return args.Ms;
        });
    }

    private sealed record Effect(string Key);

    private sealed record Nap(int Ms);
}

using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Upgrades;

/// <summary><c>enclave runtime</c> and <c>enclave serve</c> that are stopped while a session runs longer than their usual drain time.</summary>
public sealed class DrainTests(RabbitServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-drain-");
    private readonly Effects _effects = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_runtime_lets_what_runs_end_and_what_waits_runs_elsewhere()
    {
        await using QueueApp app = Fresh(out string file);
        BrokerApp broker = await app.Broker(enclave: _effects.Add);
        await using CliServer stops = await CliServer.Runtime("--max-sessions", "1", "--queue-file", file, "--drain-timeout", "60");
        await QueueApp.Ready(broker);
        Task<JsonElement[]> running = broker.Run("await callTool('effect', { name: 'long' }); await callTool('time:sleep', { ms: 6500 }); return 'to its end'");
        await Within.Becomes(() => _effects.Seen.Length == 1, "the script has begun");
        Task<JsonElement[]> waiting = broker.Run("await callTool('effect', { name: 'short' }); return 'elsewhere'");
        await Within.Becomes(() => broker.Services.Lanes().Sum((lane) => lane.Published) == 1, "the other is with the server");

        stops.Terminate();
        RuntimeOverQueues other = await app.Runtime();

        Assert.Equal("elsewhere", (await Within.Deadline(waiting, "end of what waited")).Final().GetProperty("result").GetString());
        Assert.Equal("to its end", (await Within.Deadline(running, "end of what ran")).Final().GetProperty("result").GetString());
        Assert.Equal(0, await stops.ExitCode());
        Assert.Equal(["long", "short"], _effects.Seen);
        Assert.Equal(1, other.Worker.GetStats().TotalSessions);
    }

    [Fact]
    public async Task A_broker_refuses_what_is_new_and_reads_what_runs_to_its_end()
    {
        await using QueueApp app = Fresh(out string file);
        await using CliServer stops = await CliServer.Broker(0, "--queue-file", file, "--drain-timeout", "60", "--tool", "wait=sleep 10; echo 1");
        await app.Runtime();
        using HttpClient http = Client(stops);
        using HttpResponseMessage opened = await Begin(http);

        stops.Terminate();
        await Within.Becomes(
            () => http.GetStringAsync("/health").ContinueWith((health) => health.IsFaulted).GetAwaiter().GetResult(), "the broker says that it stops");
        using HttpResponseMessage refused = await http.PostAsync("/sessions", BrokerApp.Json("""{ "code": "return 1" }"""));
        JsonElement[] events = await BrokerApp.Events(opened);

        Assert.Equal("SERVICE_UNAVAILABLE", JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("code").GetString());
        Assert.Equal(1, events.Final().GetProperty("result").GetInt32());
        Assert.Equal(0, await stops.ExitCode());
    }

    [Fact]
    public async Task A_runtime_whose_time_is_up_ends_what_runs_and_says_so()
    {
        await using QueueApp app = Fresh(out string file);
        BrokerApp broker = await app.Broker(enclave: _effects.Add);
        await using CliServer stops = await CliServer.Runtime("--max-sessions", "1", "--queue-file", file, "--drain-timeout", "1");
        await QueueApp.Ready(broker);
        Task<JsonElement[]> running = broker.Run("await callTool('effect', { name: 'long' }); await callTool('time:sleep', { ms: 50000 }); return 'too late'");
        await Within.Becomes(() => _effects.Seen.Length == 1, "the script has begun");

        stops.Terminate();
        JsonElement error = (await Within.Deadline(running, "end of what ran")).Final().GetProperty("error");

        Assert.Equal(("SESSION_CANCELLED", "Runtime stopping"), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        Assert.Equal(0, await stops.ExitCode());
    }

    [Fact]
    public async Task A_broker_whose_time_is_up_ends_what_runs_and_says_so()
    {
        await using QueueApp app = Fresh(out string file);
        await using CliServer stops = await CliServer.Broker(0, "--queue-file", file, "--drain-timeout", "1", "--tool", "wait=sleep 50");
        await app.Runtime();
        using HttpClient http = Client(stops);
        using HttpResponseMessage opened = await Begin(http);

        stops.Terminate();
        JsonElement error = (await Within.Deadline(BrokerApp.Events(opened), "end of what ran")).Final().GetProperty("error");

        Assert.Equal(("SESSION_CANCELLED", "the broker is stopping"), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        Assert.Equal(0, await stops.ExitCode());
    }

    private static HttpClient Client(CliServer broker) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = broker.Address };

    /// <summary>Opens a session that waits for the broker's tool, once the broker is ready.</summary>
    private static async Task<HttpResponseMessage> Begin(HttpClient http)
    {
        await Within.Becomes(() => http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode, "the broker is ready");
        var request = new HttpRequestMessage(HttpMethod.Post, "/sessions") { Content = BrokerApp.Json("""{ "code": "return await callTool('wait', {})" }""") };
        return await Within.Deadline(http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), "answer of the broker");
    }

    private QueueApp Fresh(out string file)
    {
        Uri address = server.Fresh();
        file = Path.Combine(_folder.FullName, "queue");
        File.WriteAllText(file, address + "\n");
        return new QueueApp(address) { Prefix = "enclave" };
    }
}

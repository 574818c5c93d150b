using System.Diagnostics;
using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.Broker.Tests.Failures;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Failures;

/// <summary>Runtime and broker processes that are killed.</summary>
public sealed class LossTests(RabbitServer server) : IDisposable
{
    private const string Sleep = "await callTool('time:sleep', { ms: 60000 })";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("enclave-queues-");
    private readonly Effects _effects = new();

    [Fact]
    public async Task A_run_whose_runtime_is_killed_before_it_begins_runs_elsewhere_once()
    {
        await using QueueApp app = Fresh(out string file);
        BrokerApp broker = await app.Broker(enclave: _effects.Add);
        await using CliServer doomed = await CliServer.Runtime("--max-sessions", "1", "--queue-file", file);
        await QueueApp.Ready(broker);
        // It has the message from here on, and does not ask.
        Signal(doomed.Pid, "STOP");
        Task<JsonElement[]> running = broker.Run("await callTool('effect', { name: 'ran' }); return 7;");
        await Within.Becomes(() => broker.Services.Lanes().Sum((lane) => lane.Published) == 1, "the run is with the server");
        await app.Runtime();

        doomed.Kill();

        Assert.Equal(7, (await running).Final().GetProperty("result").GetInt32());
        Assert.Equal(["ran"], _effects.Seen);
    }

    [Fact]
    public async Task A_run_whose_runtime_is_killed_in_it_is_lost_and_does_not_run_again()
    {
        await using QueueApp app = Fresh(out string file);
        BrokerApp broker = await app.Broker(enclave: _effects.Add);
        await using CliServer doomed = await CliServer.Runtime("--max-sessions", "1", "--queue-file", file);
        await QueueApp.Ready(broker);
        Task<JsonElement[]> running = broker.Run($"await callTool('effect', {{ name: 'ran' }}); {Sleep}");
        await Within.Becomes(() => _effects.Seen.Length == 1, "the script has begun");
        RuntimeOverQueues other = await app.Runtime();

        doomed.Kill();
        JsonElement[] events = await running;

        Assert.Equal("RUNTIME_LOST", events.Final().ErrorCode());
        Assert.Contains("after 2 tool calls; the script was not run again",
            events.Final().GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(8, (await broker.Run("return 8")).Final().GetProperty("result").GetInt32());
        Assert.Equal(["ran"], _effects.Seen);
        Assert.Equal(1, other.Worker.GetStats().TotalSessions);
    }

    [Fact]
    public async Task A_runtime_that_falls_silent_is_lost_in_time()
    {
        await using QueueApp app = Fresh(out string file);
        BrokerApp broker = await app.Broker((options) => options.Silence = TimeSpan.FromSeconds(2), _effects.Add);
        await using CliServer frozen = await CliServer.Runtime("--max-sessions", "1", "--queue-file", file);
        await QueueApp.Ready(broker);
        Task<JsonElement[]> running = broker.Run($"await callTool('effect', {{ name: 'ran' }}); {Sleep}");
        await Within.Becomes(() => _effects.Seen.Length == 1, "the script has begun");

        Signal(frozen.Pid, "STOP");

        Assert.Equal("RUNTIME_LOST", (await Within.Deadline(running, "end of the session")).Final().ErrorCode());
    }

    /// <summary>The break lies between two heartbeats of the broker, so the server returns none of its messages.</summary>
    [Fact]
    public async Task A_run_is_lost_in_time_if_its_runtime_comes_back_under_its_name_after_a_short_break()
    {
        await using FreezingProxy proxy = FreezingProxy.Open(server.Address);
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.HeartbeatInterval = TimeSpan.FromSeconds(5), _effects.Add);
        RuntimeOverQueues runtime = await app.Runtime(queues: (options) => options.Address = proxy.Address);
        await QueueApp.Ready(broker);
        Task<JsonElement[]> running = broker.Run($"await callTool('effect', {{ name: 'ran' }}); {Sleep}");
        await Within.Becomes(() => _effects.Seen.Length == 1, "the script has begun");

        proxy.Cut();

        await Within.Becomes(() => runtime.Worker.GetStats().ActiveSessions == 0, "the runtime has ended the run");
        Assert.Equal("RUNTIME_LOST", (await Within.Deadline(running, "end of the session")).Final().ErrorCode());
        Assert.Equal(8, (await broker.Run("return 8")).Final().GetProperty("result").GetInt32());
        Assert.Equal(["ran"], _effects.Seen);
    }

    [Fact]
    public async Task A_runtime_stops_the_runs_of_a_broker_that_is_killed()
    {
        await using QueueApp app = Fresh(out string file);
        await using CliServer broker = await CliServer.Broker(0, "--queue-file", file, "--tool", "wait=sleep 60");
        RuntimeOverQueues runtime = await app.Runtime();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = broker.Address };
        using HttpResponseMessage response = await Within.Deadline(
            http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/sessions")
            {
                Content = BrokerApp.Json(
                """{ "code": "return await callTool('wait', {})" }""")
            }, HttpCompletionOption.ResponseHeadersRead), "answer of the broker");
        await Within.Becomes(() => runtime.Worker.GetStats().ActiveSessions == 1, "the runtime has the session");

        broker.Kill();

        await Within.Becomes(() => runtime.Worker.GetStats().ActiveSessions == 0, "the runtime has let go of it");
    }

    [Fact]
    public async Task A_runtime_that_stops_lets_its_runs_end()
    {
        await using QueueApp app = Fresh(out _);
        BrokerApp broker = await app.Broker(enclave: _effects.Add);
        RuntimeOverQueues leaving = await app.Runtime();
        Task<JsonElement[]> running = broker.Run("await callTool('effect', { name: 'ran' }); await callTool('time:sleep', { ms: 1000 }); return 9;");
        await Within.Becomes(() => _effects.Seen.Length == 1, "the script has begun");

        await leaving.Queues.StopAsync();
        await leaving.Worker.StopAsync();

        Assert.Equal(9, (await running).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Without_the_server_a_session_ends_in_its_time_and_health_says_why_not()
    {
        _ = server.Address;
        await using var app = new QueueApp(new Uri("amqp://nobody:nothing@127.0.0.1:1/")) { HasServer = false };
        BrokerApp broker = await app.Broker((options) => options.QueueTimeout = TimeSpan.FromMilliseconds(300));

        JsonElement final = (await broker.Run("return 1")).Final();

        Assert.Equal("RUNTIME_UNAVAILABLE", final.ErrorCode());
        using HttpResponseMessage health = await broker.Send(HttpMethod.Get, "/health");
        Assert.Equal(503, (int)health.StatusCode);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private QueueApp Fresh(out string file)
    {
        Uri address = server.Fresh();
        file = Path.Combine(_folder.FullName, "queue");
        File.WriteAllText(file, address + "\n");
        return new QueueApp(address) { Prefix = "enclave" };
    }

    private static void Signal(int pid, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}

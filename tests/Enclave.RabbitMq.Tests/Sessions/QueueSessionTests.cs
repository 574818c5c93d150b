using System.Text.Json;
using Enclave.Broker.Tests;
using Enclave.Client;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.Streaming;
using Enclave.Tests;

namespace Enclave.RabbitMq.Tests.Sessions;

/// <summary>Sessions over queues. Tests that also hold over WebSocket are in <see cref="TransportContract"/>.</summary>
public sealed class QueueSessionTests(RabbitServer server)
{
    [Fact]
    public async Task A_session_that_is_encrypted_is_read_by_its_client_alone()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        await app.Runtime();
        await using var client = new EnclaveClient(new EnclaveClientOptions { BaseUrl = broker.Address, Encryption = EncryptionMode.Required });

        SessionResult result = await client.ExecuteAsync("console.log('quiet'); return 'secret'");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("secret", result.Value!.Value.GetString());
    }

    [Fact]
    public async Task Two_levels_are_two_queues()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp secure = await app.Broker(enclave: (options) => options.SecurityLevel = SecurityLevel.Secure);
        BrokerApp standard = await app.Broker(enclave: (options) => options.SecurityLevel = SecurityLevel.Standard);
        await using var at = new EventsByLevel(app);
        await at.Start(SecurityLevel.Secure, SecurityLevel.Standard);

        await secure.Run("return 1");
        await standard.Run("return 1");
        await standard.Run("return 1");

        Assert.Equal((1, 2), (at.Sessions(SecurityLevel.Secure), at.Sessions(SecurityLevel.Standard)));
    }

    [Fact]
    public async Task A_tenant_of_another_trust_class_never_reaches_the_others_runtimes()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.TenantOf = (_) => new QueueTenant { TrustClass = "partners" });
        RuntimeOverQueues ordinary = await app.Runtime();
        // The first session declares the queue.
        using HttpResponseMessage first = await broker.Post("""{ "code": "return 1" }""");
        await Within.Becomes(() => broker.Services.Lanes().Any((lane) => lane.Lane == "standard.partners"), "the session waits for its class");
        RuntimeOverQueues partners = await app.Runtime(queues: (options) => options.TrustClasses = ["partners"]);

        JsonElement[] events = await BrokerApp.Events(first);

        Assert.Equal(1, events.Final().GetProperty("result").GetInt32());
        Assert.Equal((0, 1), (ordinary.Worker.GetStats().TotalSessions, partners.Worker.GetStats().TotalSessions));
    }

    [Fact]
    public async Task The_wait_is_a_part_of_the_sessions_life()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker(broker: (options) => options.SessionTtl = TimeSpan.FromSeconds(2));
        await app.Runtime(sessions: 1);
        await QueueApp.Ready(broker);
        Task<JsonElement[]> first = broker.Run("return await callTool('time:sleep', { ms: 60000 })"), second = broker.Run(
            "return await callTool('time:sleep', { ms: 60000 })");

        JsonElement[][] both = await Task.WhenAll(first, second);

        Assert.All(both, (events) => Assert.Equal("TIMEOUT", events.Final().ErrorCode()));
    }

    [Fact]
    public async Task A_script_that_is_larger_than_a_message_is_refused_with_its_size()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.MaxMessageBytes = 64 << 10);
        await app.Runtime();

        JsonElement final = (await broker.Run($"return '{new string('x', 70_000)}'.length")).Final();

        Assert.Equal("VALIDATION_ERROR", final.ErrorCode());
        Assert.Contains("MaxMessageBytes", final.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Two megabytes of control characters are twelve as JSON. The runtime measures this, and is not at fault.</summary>
    [Theory]
    [InlineData("return large", "OUTPUT_LIMIT")]
    [InlineData("return Array(20).fill({ a: large.slice(0, 1e5) })", "OUTPUT_LIMIT")]
    [InlineData("throw new Error(large)", "RUNTIME_ERROR")]
    [InlineData("await callTool('echo', { value: large })", "TOOL_ERROR")]
    public async Task A_session_with_data_too_large_for_a_message_runs_once_and_says_so(string code, string expected)
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker((options) => options.MaxMessageBytes = 1 << 20);
        RuntimeOverQueues one = await app.Runtime(), two = await app.Runtime();
        await QueueApp.Ready(broker);

        JsonElement[] events = await broker.Run($"let large = String.fromCharCode(1); for (let i = 0; i < 21; i++) large += large; {code}");

        Assert.Equal(expected, events.Final().ErrorCode());
        Assert.Equal(1, one.Worker.GetStats().TotalSessions + two.Worker.GetStats().TotalSessions);
        Assert.Equal(1, (await broker.Run("return 1")).Final().GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Health_tells_of_the_server_and_of_runtimes()
    {
        await using var app = new QueueApp(server.Address);
        BrokerApp broker = await app.Broker();
        using (HttpResponseMessage alone = await broker.Send(HttpMethod.Get, "/health")) Assert.Equal(503, (int)alone.StatusCode);

        RuntimeOverQueues runtime = await app.Runtime();
        await QueueApp.Ready(broker);
        await runtime.Queues.StopAsync();

        await Within.Becomes(
            () => (int)broker.Http.GetAsync("/health").GetAwaiter().GetResult().StatusCode == 503, "the broker says that nobody takes sessions");
    }

    /// <summary>A runtime for each of these levels.</summary>
    private sealed class EventsByLevel(QueueApp app) : IAsyncDisposable
    {
        private readonly Dictionary<SecurityLevel, RuntimeOverQueues> _runtimes = [];

        public async Task Start(params SecurityLevel[] levels)
        {
            foreach (SecurityLevel level in levels) _runtimes[level] = await app.Runtime(worker: (options) => options with { SecurityLevel = level });
        }

        public int Sessions(SecurityLevel level) => (int)_runtimes[level].Worker.GetStats().TotalSessions;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using Enclave.Broker.Tests;
using Enclave.RabbitMq.Options;
using Enclave.RabbitMq.Tests.Servers;
using Enclave.RabbitMq.Wire;
using Enclave.Runtime;
using Enclave.Tests;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Enclave.RabbitMq.Tests.Access;

/// <summary>Permissions at the server, and how its identity is checked.</summary>
public sealed class AccessTests(RabbitServer server)
{
    [Fact]
    public async Task The_documented_permissions_are_enough_and_a_runtime_cannot_publish_runs_or_orders_or_pass_for_a_broker()
    {
        Uri asBroker = server.Of("broker"), asRuntime = server.Of("runtime");
        await using var brokers = new QueueApp(asBroker) { Prefix = "enclave" };
        await using var runtimes = new QueueApp(asRuntime) { Prefix = "enclave" };
        BrokerApp broker = await brokers.Broker();
        await runtimes.Runtime();

        Assert.Equal(3, (await broker.Run("const a = await callTool('math:add', { a: 1, b: 2 }); return a.sum;")).Final().GetProperty("result").GetInt32());
        await using IConnection connection = await new ConnectionFactory { Uri = asRuntime }.CreateConnectionAsync();
        foreach (string exchange in (string[])["enclave.runs", "enclave.orders", "enclave.broker.fleet", ""])
        {
            await using IChannel channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
            AlreadyClosedException refused = await Assert.ThrowsAsync<AlreadyClosedException>(
                async () => await channel.BasicPublishAsync(exchange, "standard.default", new byte[] { 1 }));
            Assert.Equal(Constants.AccessRefused, refused.ShutdownReason!.ReplyCode);
        }
    }

    [Theory]
    [InlineData("amqp://a:b@192.0.2.1/", true)]
    [InlineData("amqp://a:b@rabbit.invalid/", true)]
    [InlineData("amqps://a:b@192.0.2.1/", false)]
    [InlineData("amqp://a:b@127.0.0.1/", false)]
    [InlineData("amqp://a:b@localhost/", false)]
    [InlineData("amqp://a:b@[::1]/", false)]
    public async Task A_connection_in_clear_beyond_this_machine_is_a_warning(string address, bool isWarned)
    {
        using var log = new LogWatch(266);
        await using var link = new QueueLink(
            new QueueBrokerOptions { Address = new Uri(address) }, "test", new Nobody(), TimeProvider.System, log);

        link.Open();

        Assert.Equal(isWarned, log.Seen.IsCompleted);
    }

    /// <summary>A user who may take runs may also empty their queue: the server has one permission for both.</summary>
    [Fact]
    public async Task A_run_that_a_runtimes_password_purged_is_offered_again()
    {
        await using var brokers = new QueueApp(server.Of("broker")) { Prefix = "enclave" };
        await using var runtimes = new QueueApp(server.Of("runtime")) { Prefix = "enclave" };
        BrokerApp broker = await brokers.Broker();
        await runtimes.Runtime(sessions: 1);
        await QueueApp.Ready(broker);
        using HttpResponseMessage held = await broker.Post("""{ "sessionId": "s_held", "code": "return await callTool('time:sleep', { ms: 60000 })" }""");
        await Within.Becomes(() => broker.Get("/sessions/s_held").GetAwaiter().GetResult().GetProperty("stats").GetProperty("toolCallCount").GetInt32() == 1,
            "the one slot is taken");
        using HttpResponseMessage waiting = await broker.Post("""{ "code": "return 7" }""");
        await using IConnection connection = await new ConnectionFactory { Uri = server.Of("runtime") }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        uint purged = 0;
        await Within.Becomes(() => (purged += channel.QueuePurgeAsync("enclave.runs.standard.default").GetAwaiter().GetResult()) > 0, "the run was purged");

        (await broker.Send(HttpMethod.Delete, "/sessions/s_held")).Dispose();

        Assert.Equal(7, (await BrokerApp.Events(waiting)).Final().GetProperty("result").GetInt32());
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("declare")]
    [InlineData("bind")]
    [InlineData("take a broker's")]
    [InlineData("take the dead")]
    public async Task A_runtimes_password_changes_no_queue_of_brokers(string act)
    {
        await using var brokers = new QueueApp(server.Of("broker")) { Prefix = "enclave" };
        await brokers.Broker();
        await using IConnection connection = await new ConnectionFactory { Uri = server.Of("runtime") }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync();

        OperationInterruptedException refused = await Assert.ThrowsAsync<OperationInterruptedException>(() => act switch
        {
            "delete" => channel.QueueDeleteAsync("enclave.runs.standard.default"),
            "declare" => channel.QueueDeclareAsync("enclave.runs.standard.mine", durable: true, exclusive: false, autoDelete: false),
            "bind" => channel.QueueBindAsync("enclave.runs.standard.default", "enclave.runs", "standard.mine"),
            "take a broker's" => channel.BasicGetAsync("enclave.broker.mine", autoAck: true),
            _ => channel.BasicGetAsync("enclave.dead", autoAck: true),
        });

        Assert.Equal(Constants.AccessRefused, refused.ShutdownReason!.ReplyCode);
    }

    [Fact]
    public async Task A_counter_of_waiting_runs_needs_no_right_and_has_none()
    {
        await using var brokers = new QueueApp(server.Of("broker")) { Prefix = "enclave" };
        await brokers.Broker();
        await using IConnection connection = await new ConnectionFactory { Uri = server.Of("counter") }.CreateConnectionAsync();
        await using IChannel counting = await connection.CreateChannelAsync(), taking = await connection.CreateChannelAsync();

        QueueDeclareOk counted = await counting.QueueDeclarePassiveAsync("enclave.runs.standard.default");
        OperationInterruptedException refused = await Assert.ThrowsAsync<OperationInterruptedException>(
            async () => await taking.BasicGetAsync("enclave.runs.standard.default", autoAck: false));

        Assert.Equal(0u, counted.MessageCount);
        Assert.Equal(Constants.AccessRefused, refused.ShutdownReason!.ReplyCode);
    }

    [Fact]
    public async Task A_server_with_TLS_is_believed_for_its_authority_and_its_name_alone()
    {
        await using var secure = new RabbitServer { Certificate = new ServerCertificate() };
        await secure.InitializeAsync();
        Uri address = secure.Address;
        await using var app = new QueueApp(address);
        BrokerApp broker = await app.Broker();
        await app.Runtime();

        Assert.Equal(1, (await broker.Run("return 1")).Final().GetProperty("result").GetInt32());
        foreach (Uri wrong in (Uri[])[new UriBuilder(address) { Query = "" }.Uri, new Uri(address + "&server_name_indication=elsewhere")])
        {
            await using RuntimeWorker worker = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions { Port = 0, MaxSessions = 1 });
            await worker.StartAsync();
            await using QueueRuntime queues = QueueRuntime.Start(worker, new QueueRuntimeOptions { Address = wrong, Prefix = app.Prefix });
            await Within.Becomes(() => queues.Fault?.Contains("certificate", StringComparison.OrdinalIgnoreCase) == true, "the certificate is refused", () =>
                queues.Fault ?? "it is connected");
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("amqp://127.0.0.1?verify=none")]
    [InlineData("amqps://127.0.0.1?cacertfile=/nonexistent.pem")]
    public void An_address_that_is_none_is_refused_without_its_password(string address)
    {
        RuntimeWorker worker = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions { Port = 0 });
        string withPassword = address.Replace("//", "//user:hush@", StringComparison.Ordinal);

        ArgumentException wrong = Assert.Throws<ArgumentException>(
            () => QueueRuntime.Start(worker, new QueueRuntimeOptions { Address = new Uri(withPassword) }));

        Assert.DoesNotContain("hush", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_with_more_sessions_than_brokers_can_read_is_refused()
    {
        RuntimeWorker worker = RuntimeWorkerFactory.CreateRuntimeWorker(new RuntimeWorkerOptions { Port = 0, MaxSessions = 257 });

        ArgumentException wrong = Assert.Throws<ArgumentException>(
            () => QueueRuntime.Start(worker, new QueueRuntimeOptions { Address = new Uri("amqp://user:word@127.0.0.1:1") }));

        Assert.StartsWith("MaxSessions is 1 to 256 for a runtime with queues, not 257", wrong.Message, StringComparison.Ordinal);
    }

    private sealed class Nobody : ILinkUser
    {
        public Task UpAsync(IConnection connection, int generation, Action<string> broken, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DownAsync(string why) => Task.CompletedTask;
    }
}

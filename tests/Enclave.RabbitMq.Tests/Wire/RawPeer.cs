using System.Globalization;
using System.Text;
using Enclave.RabbitMq.Wire;
using Enclave.Streaming.Peers;
using Enclave.Tests;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Enclave.RabbitMq.Tests.Wire;

/// <summary>A client of the server that follows no rules except those that the server enforces.</summary>
internal sealed class RawPeer(IConnection connection, IChannel channel, QueueNames names) : IAsyncDisposable
{
    private ulong _taken;

    /// <summary>Its name, like a runtime's.</summary>
    public string Id { get; } = UnguessableName.New();

    public static async Task<RawPeer> Connect(QueueApp app)
    {
        IConnection connection = await new ConnectionFactory { Uri = app.Server, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        return new RawPeer(connection, await connection.CreateChannelAsync(), new QueueNames(app.Prefix));
    }

    /// <summary>Reports to all brokers that it is a runtime.</summary>
    public Task Present(int slots) =>
        Publish(names.Presence, "", MessageTypes.Presence, null, new Presence(["standard.default"], slots, 0, new Dictionary<string, int>()).Write());

    /// <summary>Reports with a protocol text of the test.</summary>
    public Task Present(int slots, string protocol) => Publish(names.Presence, "", MessageTypes.Presence, null, Encoding.UTF8.GetBytes(
        $$"""{"queues":["standard.default"],"slots":{{slots}},"active":0,"brokers":{},"protocol":{{protocol}}}"""));

    public Task PublishRun(ReadOnlyMemory<byte> body, string? kind = MessageTypes.Run, string? run = null, string? broker = null, string? protocol = null) =>
        PublishAs(broker ?? Id, names.Runs, "standard.default", kind, run, body, 0, broker, protocol);

    public Task Reply(string broker, string kind, string? run, string text, long number = 0, string? protocol = null) =>
        PublishAs(Id, names.Replies, broker, kind, run, Encoding.UTF8.GetBytes(text), number, null, protocol);

    public Task Order(string runtime, string kind, string run, string text = "", long number = 0) =>
        PublishAs(Id, names.Orders, runtime, kind, run, Encoding.UTF8.GetBytes(text), number, null, null);

    public Task Publish(string exchange, string key, string? kind, string? run, ReadOnlyMemory<byte> body) =>
        PublishAs(Id, exchange, key, kind, run, body, 0, null, null);

    /// <summary>Takes the next run of the queue and keeps it silently.</summary>
    public async Task<(string Run, string Broker, byte[] Body)> TakeRun()
    {
        BasicGetResult? got = null;
        await Within.Becomes(() => (got = channel.BasicGetAsync(names.RunsOf("standard.default"), autoAck: false).GetAwaiter().GetResult()) is not null,
            "a run is in the queue");
        _taken = got!.DeliveryTag;
        return (got.BasicProperties.CorrelationId!, got.BasicProperties.AppId!, got.Body.ToArray());
    }

    /// <summary>Releases the run that it took last.</summary>
    public ValueTask Acknowledge() => channel.BasicAckAsync(_taken, multiple: false);

    /// <summary>Receives the brokers' messages to it, and records their types.</summary>
    public Task Listen(Action<string> heard) => ListenWhole((message) => heard(message.Kind));

    /// <summary>Receives the brokers' messages to it.</summary>
    public Task ListenWhole(Action<Heard> heard) => Hear(names.RuntimeQueue(Id, 1), names.Orders, heard);

    /// <summary>Receives the runtimes' messages to it as if it were a broker, and records types and senders.</summary>
    public Task ListenAsBroker(Action<string, string> heard) => ListenWholeAsBroker((message) => heard(message.Kind, message.Sender));

    /// <summary>Receives the runtimes' messages to it as if it were a broker.</summary>
    public Task ListenWholeAsBroker(Action<Heard> heard) => Hear(names.BrokerQueue(Id, 1), names.Replies, heard);

    private async Task Hear(string queue, string exchange, Action<Heard> heard)
    {
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true);
        await channel.QueueBindAsync(queue, exchange, Id);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            long number = long.TryParse(delivery.BasicProperties.MessageId, CultureInfo.InvariantCulture, out long given) ? given : 0;
            heard(new Heard(delivery.BasicProperties.Type ?? "", delivery.BasicProperties.AppId ?? "", number, Encoding.UTF8.GetString(delivery.Body.Span)));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
    }

    /// <summary>Receives a copy of every run from now on.</summary>
    public async Task<List<(string Run, string Broker, byte[] Body)>> Spy()
    {
        var seen = new List<(string, string, byte[])>();
        string queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, names.Runs, "standard.default");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            lock (seen) seen.Add((delivery.BasicProperties.CorrelationId!, delivery.BasicProperties.AppId!, delivery.Body.ToArray()));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return seen;
    }

    public Task<uint> Count(string queue) => channel.MessageCountAsync(queue);

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task PublishAs(
        string sender, string exchange, string key, string? kind, string? run, ReadOnlyMemory<byte> body, long number, string? broker, string? protocol)
    {
        var properties = new BasicProperties { Type = kind, AppId = sender, CorrelationId = run, MessageId = number == 0 ? null : $"{number}" };
        var headers = new Dictionary<string, object?>();
        if (broker is not null) headers[MessageTypes.BrokerHeader] = broker;
        if (protocol is not null) headers[PeerProtocol.Header] = protocol;
        if (headers.Count > 0) properties.Headers = headers;
        await channel.BasicPublishAsync(exchange, key, mandatory: false, properties, body);
    }

    /// <summary>A message that came.</summary>
    /// <param name="Kind">One of <see cref="MessageTypes"/>.</param>
    /// <param name="Sender">Who sent it.</param>
    /// <param name="Number">Of an event; 0 for none.</param>
    /// <param name="Text">Its body.</param>
    internal sealed record Heard(string Kind, string Sender, long Number, string Text);
}

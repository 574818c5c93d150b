using System.Collections.Concurrent;
using Enclave.Broker.Fleet;
using Enclave.RabbitMq.Diagnostics;
using Enclave.RabbitMq.Options;
using Enclave.RabbitMq.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The broker's connection to the server: publishes runs with confirmation, sends orders, and receives the runtimes' messages.</summary>
internal sealed class BrokerQueueLink : ILinkUser, IRunPublisher, IHostedService, IAsyncDisposable, IDisposable
{
    /// <summary>Enough characters of a name to distinguish runtimes.</summary>
    private const int NameLength = 8;

    private readonly string _id;
    private readonly QueueBrokerOptions _options;
    private readonly QueueNames _names;
    private readonly Dispatcher _dispatcher;
    private readonly FleetTable _fleet;
    private readonly QueueLink _link;
    private readonly ILogger _log;
    private readonly ITimer _beat;
    private readonly ConcurrentDictionary<string, bool> _lanes = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _declaring = new(1, 1);
    private IChannel? _runs, _topology;
    private QueueConsumer? _inbox;
    private QueuePublisher _orders;

    public BrokerQueueLink(string id, QueueBrokerOptions options, Dispatcher dispatcher, FleetTable fleet, TimeProvider clock, ILogger log)
    {
        (_id, _options, _dispatcher, _fleet, _log) = (id, options, dispatcher, fleet, log);
        _names = new QueueNames(options.Prefix);
        _orders = new QueuePublisher(options.MaxHeldBytes);
        _link = new QueueLink(options, $"enclave broker {id}", this, clock, log);
        _beat = clock.CreateTimer((_) => OnHeartbeat(), null, options.HeartbeatInterval, options.HeartbeatInterval);
    }

    /// <summary>Why the server is unavailable; null if it is available.</summary>
    public string? Fault => _link.IsUp ? null : _link.Fault ?? "not connected yet";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _link.Open();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _beat.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
        _declaring.Dispose();
    }

    /// <summary>As <see cref="DisposeAsync"/>, for owners that cannot await: it waits 30 s at most, and throws nothing.</summary>
    public void Dispose() => Task.WaitAny([Task.Run(() => DisposeAsync().AsTask())], TimeSpan.FromSeconds(30));

    public async Task UpAsync(IConnection connection, int generation, Action<string> broken, CancellationToken cancellationToken)
    {
        _lanes.Clear();
        IChannel runs = await ConnectionQueues.ChannelAsync(connection, new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), broken, cancellationToken).ConfigureAwait(false);
        IChannel inbox = await ConnectionQueues.ChannelAsync(connection, null, broken, cancellationToken).ConfigureAwait(false);
        IChannel orders = await ConnectionQueues.ChannelAsync(connection, null, broken, cancellationToken).ConfigureAwait(false);
        await Topology.DeclareAsync(inbox, _names, cancellationToken).ConfigureAwait(false);
        string queue = _names.BrokerQueue(_id, generation);
        await ConnectionQueues.QueueAsync(inbox, queue, _options.MaxHeldBytes, cancellationToken).ConfigureAwait(false);
        await inbox.QueueBindAsync(queue, _names.Replies, _id, cancellationToken: cancellationToken).ConfigureAwait(false);
        await inbox.QueueBindAsync(queue, _names.Presence, "", cancellationToken: cancellationToken).ConfigureAwait(false);
        await inbox.QueueBindAsync(queue, _names.Fleet, "", cancellationToken: cancellationToken).ConfigureAwait(false);
        await inbox.QueueBindAsync(queue, _names.Dead, "", new Dictionary<string, object?> { ["x-match"] = "all", [MessageTypes.BrokerHeader] = _id },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        orders.BasicReturnAsync += (_, returned) =>
        {
            _dispatcher.OnUnreachable(returned.RoutingKey, returned.BasicProperties.CorrelationId, returned.BasicProperties.Type ?? "");
            return Task.CompletedTask;
        };
        (_runs, _topology) = (runs, inbox);
        var outbox = new QueuePublisher(_options.MaxHeldBytes);
        _orders = outbox;
        _ = outbox.SendAllAsync(orders, broken, cancellationToken);
        _inbox = await QueueConsumer.OpenAsync(inbox, queue, Take, broken, cancellationToken).ConfigureAwait(false);
        foreach (string lane in _dispatcher.Queues) await DeclareLaneAsync(lane).ConfigureAwait(false);
        _dispatcher.LinkUp(this);
    }

    public Task DownAsync(string why)
    {
        _orders.Close();
        (_runs, _topology, _inbox) = (null, null, null);
        _dispatcher.LinkDown(why);
        return Task.CompletedTask;
    }

    public async Task<PublishOutcome> PublishAsync(QueuedRun run, string name, ReadOnlyMemory<byte> body, TimeSpan expires)
    {
        if (_runs is not { } channel) return PublishOutcome.Unknown;
        using var late = new CancellationTokenSource(_options.Silence);
        var properties = new BasicProperties
        {
            Type = MessageTypes.Run,
            AppId = _id,
            CorrelationId = name,
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
            Expiration = ((long)expires.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture),
            Headers = new Dictionary<string, object?>(OutgoingMessage.Protocol) { [MessageTypes.BrokerHeader] = _id },
        };
        try
        {
            if (!_lanes.ContainsKey(run.LaneName)) await DeclareLaneAsync(run.LaneName).ConfigureAwait(false);
            await channel.BasicPublishAsync(_names.Runs, run.LaneName, mandatory: true, properties, body, late.Token).ConfigureAwait(false);
            return PublishOutcome.Confirmed;
        }
        catch (PublishException refused)
        {
            QueueLog.Refused(_log, MessageTypes.Run,
                refused.IsReturn ? $"the queue does not exist: {_names.RunsOf(run.LaneName)}" : $"the queue {_names.RunsOf(run.LaneName)} is full");
            // Declares the queue again if it was deleted.
            if (refused.IsReturn) _lanes.TryRemove(run.LaneName, out _);
            return refused.IsReturn ? PublishOutcome.Unknown : PublishOutcome.Rejected;
        }
        catch (Exception gone) when (QueueServer.IsGone(gone))
        {
            return PublishOutcome.Unknown;
        }
    }

    public async Task<bool> TryDeclareAsync(string lane)
    {
        try
        {
            await DeclareLaneAsync(lane).ConfigureAwait(false);
            return true;
        }
        catch (Exception gone) when (QueueServer.IsGone(gone))
        {
            QueueLog.LinkDown(_log, _options.Address!.Host, gone.Message);
            return false;
        }
    }

    public bool TryOrder(string kind, string runtime, string? run, ReadOnlyMemory<byte> body, long number = 0) =>
        _orders.TryAdd(OutgoingMessage.Of(kind, _names.Orders, runtime, _id, run, body, number));

    /// <summary>Sends the report of a part to all brokers.</summary>
    public void Post(ReadOnlyMemory<byte> part) => _orders.TryAdd(OutgoingMessage.Of(MessageTypes.Fleet, _names.Fleet, "", _id, body: part));

    private async Task DeclareLaneAsync(string lane)
    {
        await _declaring.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_lanes.ContainsKey(lane) || _topology is not { } channel) return;
            await Topology.DeclareLaneAsync(channel, _names, lane, _options.MaxQueueLength, CancellationToken.None).ConfigureAwait(false);
            _lanes[lane] = true;
        }
        finally
        {
            _declaring.Release();
        }
    }

    private Task Take(BasicDeliverEventArgs delivery)
    {
        Take(new IncomingMessage(delivery));
        return Task.CompletedTask;
    }

    private void Take(IncomingMessage message)
    {
        string run = message.Run, sender = message.Sender;
        if (message.IsDead)
        {
            if (run.Length > 0) _dispatcher.OnDeadLetter(run, message.DeathReason);
            return;
        }

        switch (message.Kind)
        {
            case MessageTypes.Ask when run.Length > 0 && sender.Length > 0: _dispatcher.OnAsk(sender, run, message.Protocol); break;
            case MessageTypes.Return when run.Length > 0 && sender.Length > 0: _dispatcher.OnReturn(sender, run); break;
            case MessageTypes.Event when run.Length > 0 && sender.Length > 0: _dispatcher.OnEvent(sender, run, message.Number, message.Body); break;
            case MessageTypes.Alive when sender.Length > 0 && HeldRuns.TryRead(message.Body, out Dictionary<string, long>? held):
                _dispatcher.OnAlive(sender, held); break;
            case MessageTypes.Presence when sender.Length > 0 && Presence.TryRead(message.Body, out Presence? presence): Present(sender, presence); break;
            // Runtimes may not write to this exchange, so the sender is a broker.
            case MessageTypes.Fleet when message.Exchange == _names.Fleet && FleetJson.TryRead(message.Body, out FleetPart? part): _fleet.TryTake(part); break;
            default:
                _dispatcher.ReportRefused("no message");
                QueueLog.Refused(_log, Known(message.Kind), "it is not a valid message of a runtime");
                break;
        }
    }

    private void Present(string sender, Presence presence)
    {
        _dispatcher.OnPresence(sender, presence);
        // A runtime of an earlier version reports only its presence.
        RuntimePart said = presence.Status
            ?? new RuntimePart(sender, sender[..NameLength], "ok") { Level = presence.Queues is [var first, ..] ? first.Split('.')[0] : null };
        _fleet.TryTake(said with
        {
            Id = sender,
            Queues = presence.Queues,
            Slots = presence.Slots,
            Used = presence.Active,
            State = presence.Slots == 0 ? "stopping" : said.State
        });
    }

    /// <summary>The type for the log. Text from others must not get into the log.</summary>
    private static string Known(string kind) => kind is MessageTypes.Ask
        or MessageTypes.Return or MessageTypes.Event or MessageTypes.Alive or MessageTypes.Presence or MessageTypes.Fleet ? kind : "unknown";

    private void OnHeartbeat()
    {
        _dispatcher.OnHeartbeat();
        _ = _inbox?.SettleAsync();
    }
}

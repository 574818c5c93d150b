using Enclave.Broker.Fleet;
using Enclave.RabbitMq.Wire;
using Enclave.Runtime;
using Enclave.Runtime.Connections;
using Enclave.Streaming;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>Takes runs from queues for a runtime, asks their brokers whether they may begin, and sends their events.</summary>
internal sealed partial class RuntimeQueueLink : ILinkUser
{
    /// <summary>Part of a machine's name that leaves room for the process id.</summary>
    private const int MaxMachine = 48;

    private readonly string _id = UnguessableName.New();
    private readonly string _name =
        $"{(Environment.MachineName.Length > MaxMachine ? Environment.MachineName[..MaxMachine] : Environment.MachineName)}/{Environment.ProcessId}";
    private readonly RuntimeWorker _runtime;
    private readonly QueueRuntimeOptions _options;
    private readonly QueueNames _names;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly string[] _lanes;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HeldRun> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _brokers = new(StringComparer.Ordinal);
    private RunConsumers? _consumers;
    private QueueConsumer? _orders;
    private QueuePublisher _outbox;
    private Task _sending = Task.CompletedTask;
    private bool _isStopping;
    private long _refused;

    public RuntimeQueueLink(RuntimeWorker runtime, QueueRuntimeOptions options, ILogger log)
    {
        (_runtime, _options, _log) = (runtime, options, log);
        _clock = runtime.Options.TimeProvider;
        _names = new QueueNames(options.Prefix);
        _lanes = [.. options.TrustClasses.Select((one) => QueueNames.Lane(runtime.Options.SecurityLevel, one))];
        _outbox = new QueuePublisher(options.MaxHeldBytes);
    }

    public string Id => _id;

    /// <summary>Number of invalid messages, and of messages for unknown runs.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Number of runs that were taken and have neither begun nor been returned.</summary>
    public int Asking
    {
        get
        {
            lock (_gate) return _held.Values.Count(
                (run) => run.State is HeldRunState.Asked or HeldRunState.Returning || (run.State == HeldRunState.Begun && run.Client is null));
        }
    }

    public async Task UpAsync(IConnection connection, int generation, Action<string> broken, CancellationToken cancellationToken)
    {
        IChannel work = await ConnectionQueues.ChannelAsync(connection, null, broken, cancellationToken).ConfigureAwait(false);
        IChannel orders = await ConnectionQueues.ChannelAsync(connection, null, broken, cancellationToken).ConfigureAwait(false);
        IChannel replies = await ConnectionQueues.ChannelAsync(connection, null, broken, cancellationToken).ConfigureAwait(false);
        replies.BasicReturnAsync += (_, returned) =>
        {
            DropBroker(returned.RoutingKey, "it is no longer connected to the RabbitMQ server");
            return Task.CompletedTask;
        };
        // Brokers declare the shared queues: before the first broker there is nothing to take.
        foreach (string lane in _lanes) await work.QueueDeclarePassiveAsync(_names.RunsOf(lane), cancellationToken).ConfigureAwait(false);
        string queue = _names.RuntimeQueue(_id, generation);
        await ConnectionQueues.QueueAsync(orders, queue, _options.MaxHeldBytes, cancellationToken).ConfigureAwait(false);
        await orders.QueueBindAsync(queue, _names.Orders, _id, cancellationToken: cancellationToken).ConfigureAwait(false);
        _orders = await QueueConsumer.OpenAsync(
            orders, queue, (delivery) => HandleOrderAsync(new IncomingMessage(delivery)), broken, cancellationToken).ConfigureAwait(false);
        var outbox = new QueuePublisher(_options.MaxHeldBytes);
        _outbox = outbox;
        _sending = outbox.SendAllAsync(replies, broken, cancellationToken);
        Announce();
        var consumers = new RunConsumers(
            work, [.. Enumerable.Range(0, _runtime.Options.MaxSessions).Select((slot) => new RunSlot(_names.RunsOf(_lanes[slot % _lanes.Length])))],
            OnDelivered, broken);
        bool isStopping;
        lock (_gate) (_consumers, isStopping) = (consumers, _isStopping);
        if (!isStopping) await consumers.OpenAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends all runs, because without the server they can neither report nor be stopped.</summary>
    public Task DownAsync(string why)
    {
        HeldRun[] held;
        lock (_gate)
        {
            held = [.. _held.Values];
            _held.Clear();
            _brokers.Clear();
            (_consumers, _orders) = (null, null);
            foreach (HeldRun run in held) run.End();
        }

        _outbox.Close();
        foreach (HeldRun run in held) _ = run.Client?.DisconnectAsync();
        return Task.CompletedTask;
    }

    /// <summary>Takes no more runs. Runs that have not begun are returned, or begin if the broker cannot take them back.</summary>
    public async Task StopTakingAsync()
    {
        RunConsumers? consumers;
        lock (_gate) (_isStopping, consumers) = (true, _consumers);
        Announce();
        if (consumers is null) return;
        await consumers.CloseAsync().ConfigureAwait(false);
        ReturnAsked();
    }

    /// <summary>Sends queued messages, and accepts no more.</summary>
    public Task FlushAsync()
    {
        _outbox.Close();
        return _sending;
    }

    /// <summary>Runs at every heartbeat: reports presence and held runs, and ends runs of silent brokers.</summary>
    public void OnHeartbeat()
    {
        Announce();
        KeyValuePair<string, HeldRun[]>[] brokers;
        string[] silent;
        HeldRun[] unanswered;
        lock (_gate)
        {
            brokers = [.. _held.Values.GroupBy((run) => run.Broker, StringComparer.Ordinal).Select((runs) => KeyValuePair.Create(runs.Key, runs.ToArray()))];
            silent = [.. brokers.Select((one) => one.Key).Where((id) => _clock.GetElapsedTime(_brokers[id]) > _options.Silence)];
            unanswered = [.. _held.Values.Where(
                (run) => run.State is HeldRunState.Asked or HeldRunState.Returning && _clock.GetElapsedTime(run.Asked) > _options.AskTimeout)];
            foreach (HeldRun run in unanswered) Remove_NeedsLock(run);
            // Under the lock, so that no event overtakes the number reported here.
            foreach ((string broker, HeldRun[] runs) in brokers)
            {
                _outbox.TryAdd(OutgoingMessage.Of(MessageTypes.Alive, _names.Replies, broker, _id, body: HeldRuns.Write(
                    runs.Where((run) => run.State != HeldRunState.Ended).Select((run) => KeyValuePair.Create(run.Name, run.Sent)))));
            }
        }

        foreach (HeldRun run in unanswered) _ = Consumers()?.ReturnAsync(run);
        foreach (string broker in silent) DropBroker(broker, $"it sent nothing for {_options.Silence.TotalSeconds:0.###} s (Silence)");
        _ = _orders?.SettleAsync();
    }

    /// <summary>Maximum size of one message in bytes.</summary>
    public int MaxMessageBytes => _options.MaxMessageBytes;

    /// <summary>Sends an event of a run.</summary>
    public bool TrySend(HeldRun run, long number, ReadOnlyMemory<byte> body)
    {
        if (body.Length > _options.MaxMessageBytes) return false;
        lock (_gate)
        {
            if (run.State != HeldRunState.Begun
                || !_outbox.TryAdd(OutgoingMessage.Of(MessageTypes.Event, _names.Replies, run.Broker, _id, run.Name, body, number))) return false;
            run.Sent = number;
            return true;
        }
    }

    private RuntimePart Status() => new(_id, _name, _runtime.GetState() == RuntimeWorkerState.Running ? "ok" : "stopping")
    {
        Version = FleetPart.ThisVersion,
        Level = _runtime.Options.SecurityLevel.ToString().ToLowerInvariant(),
        Pool = _runtime.GetPool() is { } pool ? PoolPart.Of(pool) : null,
    };

    private RunConsumers? Consumers()
    {
        lock (_gate) return _consumers;
    }

    private void Announce()
    {
        Dictionary<string, int> brokers;
        int slots;
        lock (_gate)
        {
            slots = _isStopping ? 0 : _runtime.Options.MaxSessions;
            brokers = _held.Values.Where((run) => run.State == HeldRunState.Begun)
                .GroupBy((run) => run.Broker, StringComparer.Ordinal).ToDictionary((runs) => runs.Key, (runs) => runs.Count(), StringComparer.Ordinal);
        }

        _outbox.TryAdd(OutgoingMessage.Of(MessageTypes.Presence,
            _names.Presence, "", _id, body: new Presence(_lanes, slots, _runtime.GetSessions().Count, brokers) { Status = Status() }.Write()));
    }
}

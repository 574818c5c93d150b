using Enclave.RabbitMq.Diagnostics;
using Enclave.RabbitMq.Wire;
using Enclave.Runtime.Connections;
using Enclave.Streaming;
using Enclave.Streaming.Peers;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>One run from its delivery to its end.</summary>
internal sealed partial class RuntimeQueueLink
{
    /// <summary>
    /// Handles a delivery: asks the broker of the run, or refuses an invalid message. Without
    /// a slot, because the runtime is stopping, the run is returned.
    /// </summary>
    private void OnDelivered(RunConsumers consumers, RunSlot? slot, IncomingMessage message)
    {
        string? problem = HeldRun.Problem(message, _options.MaxMessageBytes, out ChannelExecute? execute);
        if (problem is null && slot is null && !message.Protocol!.Has(PeerProtocol.Return))
        {
            _ = consumers.RequeueAsync(message.Tag);
            return;
        }

        if (problem is null)
        {
            var run = new HeldRun(message.Run, message.Sender, message.Protocol!, execute!, message.Tag, slot, _clock.GetTimestamp(), this);
            lock (_gate)
            {
                if (_held.TryAdd(run.Name, run))
                {
                    _brokers.TryAdd(run.Broker, run.Asked);
                    if (_outbox.TryAdd(OutgoingMessage.Of(slot is null ? MessageTypes.Return : MessageTypes.Ask, _names.Replies, run.Broker, _id, run.Name)))
                        return;
                    Remove_NeedsLock(run);
                    problem = "its broker cannot be asked";
                }
                else problem = "it is already here";
            }
        }

        Interlocked.Increment(ref _refused);
        QueueLog.Refused(_log, MessageTypes.Run, problem);
        _ = consumers.RefuseAsync(message.Tag);
    }

    /// <summary>Returns the runs that have not begun, because the runtime is stopping. A broker that does not support this is waited for.</summary>
    private void ReturnAsked()
    {
        lock (_gate)
        {
            foreach (HeldRun run in _held.Values.Where((run) => run.State == HeldRunState.Asked && run.Protocol.Has(PeerProtocol.Return)))
            {
                run.Return();
                _outbox.TryAdd(OutgoingMessage.Of(MessageTypes.Return, _names.Replies, run.Broker, _id, run.Name));
            }
        }
    }

    /// <summary>Handles a message of a broker.</summary>
    private async Task HandleOrderAsync(IncomingMessage message)
    {
        HeldRun? run;
        lock (_gate)
        {
            if (_brokers.ContainsKey(message.Sender)) _brokers[message.Sender] = _clock.GetTimestamp();
            if (!_held.TryGetValue(message.Run, out run) || run.Broker != message.Sender) run = null;
        }

        switch (message.Kind)
        {
            case MessageTypes.Alive: AnswerAlive(message.Sender); return;
            case MessageTypes.Begin when run is not null && Grant.TryRead(message.Body, out Grant grant):
                await BeginAsync(run, grant).ConfigureAwait(false); break;
            case MessageTypes.Taken when run is { Ahead: { } ahead }: ahead.Remove(message.Number); break;
            case MessageTypes.Drop when run is not null: await DropAsync(run).ConfigureAwait(false); break;
            // The run has ended or was returned meanwhile, which is normal.
            case MessageTypes.Drop or MessageTypes.Begin or MessageTypes.Taken when run is null: break;
            case MessageTypes.Message when run?.Client is { } client && message.Body.Length <= _options.MaxMessageBytes
                && RunReader.Read(message.Body) is (ChannelCancel or ChannelToolResult) and var order:
                client.Handle(order, mayOpen: false); break;
            case MessageTypes.Message when run is null: break;
            default:
                Interlocked.Increment(ref _refused);
                QueueLog.Refused(_log, MessageTypes.Message, "it is not a message of a broker for one of its runs");
                break;
        }
    }

    /// <summary>
    /// Answers a broker that believes that it has runs here. Every heartbeat reports the held runs to their brokers; a broker without any would hear nothing
    /// of runs that were lost with an earlier connection.
    /// </summary>
    private void AnswerAlive(string broker)
    {
        // Under the lock, so that no run comes between.
        lock (_gate)
        {
            if (!_brokers.ContainsKey(broker) && UnguessableName.IsValid(broker))
                _outbox.TryAdd(OutgoingMessage.Of(MessageTypes.Alive, _names.Replies, broker, _id, body: HeldRuns.Write([])));
        }
    }

    /// <summary>Begins a run. Its delivery is acknowledged before the script's first instruction, so that the server gives it to no other runtime.</summary>
    private async Task BeginAsync(HeldRun run, Grant grant)
    {
        RunConsumers? consumers;
        lock (_gate)
        {
            if (run.State != HeldRunState.Asked) return;
            run.Begin(grant.WindowBytes);
            consumers = _consumers;
        }

        if (consumers is null || !await consumers.BeginAsync(run).ConfigureAwait(false)) return;
        RuntimeClient client = _runtime.Accept(run);
        lock (_gate)
        {
            if (run.State != HeldRunState.Begun) return;
            run.Client = client;
        }

        client.Handle(run.WithLifetime(grant.TtlMs), mayOpen: true);
    }

    private async Task DropAsync(HeldRun run)
    {
        bool wasAsked;
        lock (_gate)
        {
            wasAsked = run.State is HeldRunState.Asked or HeldRunState.Returning;
            if (wasAsked) Remove_NeedsLock(run);
        }

        if (!wasAsked) OnRunEnded(run);
        else if (Consumers() is { } consumers) await consumers.AcknowledgeAsync(run).ConfigureAwait(false);
    }

    /// <summary>Called when a run has ended or lost its reader: its slot is free as soon as its worker is.</summary>
    public void OnRunEnded(HeldRun run)
    {
        lock (_gate)
        {
            if (run.State != HeldRunState.Begun) return;
            Remove_NeedsLock(run);
        }

        _ = FreeAsync(run);
    }

    private async Task FreeAsync(HeldRun run)
    {
        if (run.Client is { } client) await client.DisconnectAsync().ConfigureAwait(false);
        bool isStopping;
        RunConsumers? consumers;
        lock (_gate) (isStopping, consumers) = (_isStopping, _consumers);
        if (!isStopping && consumers is not null) await consumers.ResumeAsync(run.Slot!).ConfigureAwait(false);
    }

    /// <summary>Ends the runs of a lost broker.</summary>
    private void DropBroker(string broker, string why)
    {
        HeldRun[] lost;
        lock (_gate) lost = [.. _held.Values.Where((run) => run.Broker == broker)];
        if (lost.Length == 0) return;
        QueueLog.BrokerLost(_log, broker, why);
        foreach (HeldRun run in lost) _ = DropAsync(run);
    }

    /// <summary>Removes a run. The caller holds the lock.</summary>
    private void Remove_NeedsLock(HeldRun run)
    {
        run.End();
        _held.Remove(run.Name);
        if (!_held.Values.Any((other) => other.Broker == run.Broker)) _brokers.Remove(run.Broker);
    }
}

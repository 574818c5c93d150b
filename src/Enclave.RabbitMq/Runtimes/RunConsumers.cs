using System.Collections.Concurrent;
using Enclave.RabbitMq.Options;
using Enclave.RabbitMq.Wire;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>A consumer for each free slot, each of one message: what is taken is as much as can begin.</summary>
/// <remarks>One consumer with a count would do, were it not that an acknowledged message makes room for the next one while its run goes on, and that quorum queues know no count for a whole channel.</remarks>
internal sealed class RunConsumers(IChannel channel, IReadOnlyList<RunSlot> slots, Action<RunConsumers, RunSlot?, IncomingMessage> taken, Action<string> broken)
{
    private readonly ConcurrentDictionary<string, RunSlot> _byConsumer = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Task<bool> _last = Task.FromResult(true);
    private bool _isClosed;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await channel.BasicQosAsync(0, 1, global: false, cancellationToken).ConfigureAwait(false);
        foreach (RunSlot slot in slots) await ConsumeAsync(slot, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The run begins: its slot takes nothing more, and its message is gone. Whether the server was told.</summary>
    public Task<bool> BeginAsync(HeldRun run) => InTurnAsync(async () =>
    {
        await CancelAsync(run.Slot!).ConfigureAwait(false);
        await channel.BasicAckAsync(run.Tag, multiple: false).ConfigureAwait(false);
    });

    /// <summary>Nobody wants the run any more.</summary>
    public Task<bool> AcknowledgeAsync(HeldRun run) => InTurnAsync(() => channel.BasicAckAsync(run.Tag, multiple: false).AsTask());

    /// <summary>The run did not begin, and its broker gets it back.</summary>
    public Task<bool> GiveBackAsync(HeldRun run) => RefuseAsync(run.Tag);

    /// <inheritdoc cref="GiveBackAsync"/>
    public Task<bool> RefuseAsync(ulong tag) => InTurnAsync(() => channel.BasicRejectAsync(tag, requeue: false).AsTask());

    /// <summary>The server gives it to another.</summary>
    public Task<bool> RequeueAsync(ulong tag) => InTurnAsync(() => channel.BasicNackAsync(tag, multiple: false, requeue: true).AsTask());

    /// <summary>The slot takes the next one.</summary>
    public Task<bool> ResumeAsync(RunSlot slot) => InTurnAsync(() => _isClosed ? Task.CompletedTask : ConsumeAsync(slot, CancellationToken.None));

    /// <summary>Takes no more.</summary>
    public Task<bool> CloseAsync() => InTurnAsync(async () =>
    {
        _isClosed = true;
        foreach (RunSlot slot in slots) await CancelAsync(slot).ConfigureAwait(false);
    });

    private async Task ConsumeAsync(RunSlot slot, CancellationToken cancellationToken)
    {
        var consumer = new AsyncEventingBasicConsumer(channel);
        string tag = UnguessableName.New();
        consumer.ReceivedAsync += TakeAsync;
        (slot.Consumer, _byConsumer[tag]) = (tag, slot);
        await channel.BasicConsumeAsync(slot.Queue, autoAck: false, tag, noLocal: false, exclusive: false, arguments: null, consumer, cancellationToken).ConfigureAwait(false);
    }

    private async Task CancelAsync(RunSlot slot)
    {
        if (slot.Consumer is not { } tag) return;
        slot.Consumer = null;
        // The server takes it before what follows on the same channel: nobody has to wait for it to say so.
        await channel.BasicCancelAsync(tag, noWait: true).ConfigureAwait(false);
        _byConsumer.TryRemove(tag, out _);
    }

    private Task TakeAsync(object sender, BasicDeliverEventArgs delivery)
    {
        // Without a slot: of a consumer that was there a moment ago.
        taken(this, _byConsumer.GetValueOrDefault(delivery.ConsumerTag), new IncomingMessage(delivery));
        return Task.CompletedTask;
    }

    /// <summary>One after the other: a cancel and an acknowledgement belong together.</summary>
    private Task<bool> InTurnAsync(Func<Task> act)
    {
        lock (_gate) return _last = ActAsync(_last, act);
    }

    private async Task<bool> ActAsync(Task before, Func<Task> act)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await act().ConfigureAwait(false);
            return true;
        }
        catch (Exception gone) when (QueueServer.IsGone(gone))
        {
            broken(gone.Message);
            return false;
        }
    }
}

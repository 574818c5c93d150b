using System.Collections.Concurrent;
using Enclave.RabbitMq.Options;
using Enclave.RabbitMq.Wire;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Enclave.RabbitMq.Runtimes;

/// <summary>One consumer for each free slot, for one message each: a runtime takes only runs that it can begin.</summary>
/// <remarks>One consumer with a prefetch count would not do: an acknowledged message makes room for the next while its run is in progress, and quorum queues
/// do not support a count for a whole channel.</remarks>
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

    /// <summary>Begins a run: its slot takes no more, and its message is acknowledged. Returns false if the server could not be reached.</summary>
    public Task<bool> BeginAsync(HeldRun run) => InTurnAsync(async () =>
    {
        await CancelAsync(run.Slot!).ConfigureAwait(false);
        await channel.BasicAckAsync(run.Tag, multiple: false).ConfigureAwait(false);
    });

    /// <summary>Acknowledges a run that is no longer wanted.</summary>
    public Task<bool> AcknowledgeAsync(HeldRun run) => InTurnAsync(() => channel.BasicAckAsync(run.Tag, multiple: false).AsTask());

    /// <summary>Returns a run that did not begin to its broker.</summary>
    public Task<bool> ReturnAsync(HeldRun run) => RefuseAsync(run.Tag);

    /// <inheritdoc cref="ReturnAsync"/>
    public Task<bool> RefuseAsync(ulong tag) => InTurnAsync(() => channel.BasicRejectAsync(tag, requeue: false).AsTask());

    /// <summary>Lets the server give the run to another runtime.</summary>
    public Task<bool> RequeueAsync(ulong tag) => InTurnAsync(() => channel.BasicNackAsync(tag, multiple: false, requeue: true).AsTask());

    /// <summary>Lets the slot take the next run.</summary>
    public Task<bool> ResumeAsync(RunSlot slot) => InTurnAsync(() => _isClosed ? Task.CompletedTask : ConsumeAsync(slot, CancellationToken.None));

    /// <summary>Takes no more runs.</summary>
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
        await channel.BasicConsumeAsync(
            slot.Queue, autoAck: false, tag, noLocal: false, exclusive: false, arguments: null, consumer, cancellationToken).ConfigureAwait(false);
    }

    private async Task CancelAsync(RunSlot slot)
    {
        if (slot.Consumer is not { } tag) return;
        slot.Consumer = null;
        // The server handles it before what follows on the same channel, so no answer is needed.
        await channel.BasicCancelAsync(tag, noWait: true).ConfigureAwait(false);
        _byConsumer.TryRemove(tag, out _);
    }

    private Task TakeAsync(object sender, BasicDeliverEventArgs delivery)
    {
        // The slot is null if the message came for a consumer that was just cancelled.
        taken(this, _byConsumer.GetValueOrDefault(delivery.ConsumerTag), new IncomingMessage(delivery));
        return Task.CompletedTask;
    }

    /// <summary>Runs actions one after another: a cancel and an acknowledgement belong together.</summary>
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

using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Enclave.RabbitMq.Wire;

/// <summary>Consumes the messages of one queue one at a time, with a limit on prefetched ones.</summary>
internal sealed class QueueConsumer
{
    private const ushort Prefetch = 256;

    /// <summary>Messages are acknowledged in groups of this size.</summary>
    private const int AckEvery = 64;

    private readonly IChannel _channel;
    private readonly Func<BasicDeliverEventArgs, Task> _take;
    private readonly Action<string> _broken;
    private readonly Lock _settling = new();
    private ulong _acked, _last;

    private QueueConsumer(IChannel channel, Func<BasicDeliverEventArgs, Task> take, Action<string> broken) =>
        (_channel, _take, _broken) = (channel, take, broken);

    /// <summary>Begins to take messages.</summary>
    /// <param name="broken">Called when no more messages will come.</param>
    public static async Task<QueueConsumer> OpenAsync(
        IChannel channel, string queue, Func<BasicDeliverEventArgs, Task> take, Action<string> broken, CancellationToken cancellationToken)
    {
        var inbox = new QueueConsumer(channel, take, broken);
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => inbox.TakeAsync(delivery);
        consumer.UnregisteredAsync += (_, _) =>
        {
            broken($"the server cancelled the consumer of the queue {queue}");
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken).ConfigureAwait(false);
        return inbox;
    }

    /// <summary>Acknowledges the remaining messages: the server disconnects consumers that keep messages for too long.</summary>
    public async Task SettleAsync()
    {
        try
        {
            ValueTask settled;
            // A heartbeat and the consumer come here at once. The server closes a channel that acknowledges a message twice, or an older one afterwards.
            lock (_settling)
            {
                ulong last = Volatile.Read(ref _last);
                if (last <= _acked) return;
                _acked = last;
                settled = _channel.BasicAckAsync(last, multiple: true);
            }

            await settled.ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is RabbitMQClientException or IOException or InvalidOperationException)
        {
            _broken(gone.Message);
        }
    }

    private async Task TakeAsync(BasicDeliverEventArgs delivery)
    {
        await _take(delivery).ConfigureAwait(false);
        Volatile.Write(ref _last, delivery.DeliveryTag);
        if (delivery.DeliveryTag - Volatile.Read(ref _acked) >= AckEvery) await SettleAsync().ConfigureAwait(false);
    }
}

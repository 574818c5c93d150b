using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Enclave.RabbitMq.Wire;

/// <summary>Consumes the messages of one queue one at a time; the number that is prefetched is bounded.</summary>
internal sealed class QueueConsumer
{
    private const ushort Prefetch = 256;

    /// <summary>Every so many are acknowledged together.</summary>
    private const int AckEvery = 64;

    private readonly IChannel _channel;
    private readonly Func<BasicDeliverEventArgs, Task> _take;
    private readonly Action<string> _broken;
    private ulong _acked, _last;

    private QueueConsumer(IChannel channel, Func<BasicDeliverEventArgs, Task> take, Action<string> broken) => (_channel, _take, _broken) = (channel, take, broken);

    /// <summary>Begins to take messages.</summary>
    /// <param name="broken">Told when no more come.</param>
    public static async Task<QueueConsumer> OpenAsync(IChannel channel, string queue, Func<BasicDeliverEventArgs, Task> take, Action<string> broken, CancellationToken cancellationToken)
    {
        var inbox = new QueueConsumer(channel, take, broken);
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => inbox.TakeAsync(delivery);
        consumer.UnregisteredAsync += (_, _) =>
        {
            broken($"the server took the queue {queue} away");
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken).ConfigureAwait(false);
        return inbox;
    }

    /// <summary>Acknowledges what is left: the server gives up who keeps a message for too long.</summary>
    public async Task SettleAsync()
    {
        if (_last == _acked) return;
        _acked = _last;
        try
        {
            await _channel.BasicAckAsync(_last, multiple: true).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is RabbitMQClientException or IOException or InvalidOperationException)
        {
            _broken(gone.Message);
        }
    }

    private async Task TakeAsync(BasicDeliverEventArgs delivery)
    {
        await _take(delivery).ConfigureAwait(false);
        _last = delivery.DeliveryTag;
        if (_last - _acked >= AckEvery) await SettleAsync().ConfigureAwait(false);
    }
}

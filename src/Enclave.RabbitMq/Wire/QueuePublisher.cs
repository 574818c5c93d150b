using System.Threading.Channels;
using Enclave.RabbitMq.Options;
using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>Publishes messages over one channel of the server, in order. Bounds the bytes that wait; callers never do.</summary>
internal sealed class QueuePublisher(long maxBytes)
{
    /// <summary>What a message costs beside its body.</summary>
    private const int Overhead = 256;

    private readonly Channel<OutgoingMessage> _held = Channel.CreateUnbounded<OutgoingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;

    /// <summary>Whether the message is on its way; false when too much is held, or the connection is gone.</summary>
    public bool TryAdd(OutgoingMessage message)
    {
        int bytes = message.Body.Length + Overhead;
        if (Interlocked.Add(ref _bytes, bytes) <= maxBytes && _held.Writer.TryWrite(message)) return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>Takes no more.</summary>
    public void Close() => _held.Writer.TryComplete();

    /// <summary>Sends what is held and what comes, until it is closed and empty, or the channel fails.</summary>
    /// <param name="broken">Told when the channel fails.</param>
    public async Task SendAllAsync(IChannel channel, Action<string> broken, CancellationToken cancellationToken)
    {
        try
        {
            await SendAllAsync(channel, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception gone) when (QueueServer.IsGone(gone))
        {
            Close();
            broken(gone.Message);
        }
    }

    private async Task SendAllAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await foreach (OutgoingMessage message in _held.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await channel.BasicPublishAsync(message.Exchange, message.Key, message.IsForOne, message.Properties, message.Body, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _bytes, -(message.Body.Length + Overhead));
        }
    }
}

using System.Threading.Channels;
using Enclave.RabbitMq.Options;
using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>Publishes messages over one channel of the server, in order. Callers never wait; the bytes that wait are bounded.</summary>
internal sealed class QueuePublisher(long maxBytes)
{
    /// <summary>The size of a message beside its body.</summary>
    private const int Overhead = 256;

    private readonly Channel<OutgoingMessage> _held = Channel.CreateUnbounded<OutgoingMessage>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;

    /// <summary>Adds a message. Returns false if too many bytes wait, or if the connection is lost.</summary>
    public bool TryAdd(OutgoingMessage message)
    {
        int bytes = message.Body.Length + Overhead;
        if (Interlocked.Add(ref _bytes, bytes) <= maxBytes && _held.Writer.TryWrite(message)) return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>Accepts no more messages.</summary>
    public void Close() => _held.Writer.TryComplete();

    /// <summary>Sends all messages, until it is closed and empty or the channel fails.</summary>
    /// <param name="broken">Called when the channel fails.</param>
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
            await channel.BasicPublishAsync(
                message.Exchange, message.Key, message.IsForOne, message.Properties, message.Body, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _bytes, -(message.Body.Length + Overhead));
        }
    }
}

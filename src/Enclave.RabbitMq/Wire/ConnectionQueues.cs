using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>Opens the channels and queues that belong to one connection: the server deletes them with it.</summary>
internal static class ConnectionQueues
{
    /// <summary>Opens a channel.</summary>
    /// <param name="options">Options of the channel; null for the defaults.</param>
    /// <param name="broken">Called when the channel is lost.</param>
    public static async Task<IChannel> ChannelAsync(
        IConnection connection, CreateChannelOptions? options, Action<string> broken, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(options, cancellationToken).ConfigureAwait(false);
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            broken(reason.ReplyText);
            return Task.CompletedTask;
        };
        return channel;
    }

    /// <summary>Declares a queue with one reader. Above this number of bytes the server refuses further messages.</summary>
    public static Task QueueAsync(IChannel channel, string queue, long maxBytes, CancellationToken cancellationToken) => channel.QueueDeclareAsync(
        queue, durable: false, exclusive: true, autoDelete: true,
        new Dictionary<string, object?> { ["x-max-length-bytes"] = maxBytes, ["x-overflow"] = "reject-publish" }, cancellationToken: cancellationToken);
}

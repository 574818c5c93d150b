using Enclave.RabbitMq.Wire;
using RabbitMQ.Client;

namespace Enclave.RabbitMq.Brokers;

/// <summary>The exchanges and queues that brokers and runtimes share. Brokers declare them. Runtimes have no right to, and wait for them.</summary>
internal static class Topology
{
    /// <summary>Number of refused messages that are kept for inspection.</summary>
    private const int RefusedLength = 1_000;

    private static readonly TimeSpan s_refusedKept = TimeSpan.FromDays(1);

    public static async Task DeclareAsync(IChannel channel, QueueNames names, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(names.Refused, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueDeclareAsync(
            names.Refused,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?>
            {
                ["x-max-length"] = RefusedLength,
                ["x-overflow"] = "drop-head",
                ["x-message-ttl"] = (int)s_refusedKept.TotalMilliseconds,
            },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueBindAsync(names.Refused, names.Refused, "", cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.ExchangeDeclareAsync(names.Runs, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.ExchangeDeclareAsync(names.Replies, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.ExchangeDeclareAsync(names.Orders, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.ExchangeDeclareAsync(names.Fleet, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.ExchangeDeclareAsync(names.Presence, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.ExchangeDeclareAsync(
            names.Dead, ExchangeType.Headers, durable: true,
            arguments: new Dictionary<string, object?> { ["alternate-exchange"] = names.Refused }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Declares the queue of a level and a class: stored on disk, replicated if there are several
    /// servers, bounded, and with untaken runs returned to their broker.
    /// </summary>
    public static async Task DeclareLaneAsync(IChannel channel, QueueNames names, string lane, int maxLength, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-max-length"] = maxLength,
            ["x-overflow"] = "reject-publish",
            ["x-dead-letter-exchange"] = names.Dead,
            // Delivered once more at most: a message that has cost two runtimes their connection must not cost a third.
            ["x-delivery-limit"] = 1,
        };
        string queue = names.RunsOf(lane);
        try
        {
            await channel.QueueDeclareAsync(
                queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (global::RabbitMQ.Client.Exceptions.OperationInterruptedException fault) when (fault.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            throw new IOException($"the queue {queue} exists with other arguments: delete it, or choose another Prefix", fault);
        }

        await channel.QueueBindAsync(queue, names.Runs, lane, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}

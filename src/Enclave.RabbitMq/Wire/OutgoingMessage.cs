using System.Globalization;
using Enclave.Streaming.Peers;
using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>A message to send.</summary>
/// <param name="Exchange">The exchange.</param>
/// <param name="Key">The routing key.</param>
/// <param name="Properties">The properties.</param>
/// <param name="Body">The body.</param>
internal sealed record OutgoingMessage(string Exchange, string Key, BasicProperties Properties, ReadOnlyMemory<byte> Body)
{
    /// <summary>True for a message to one receiver, who must exist. A fanout reaches all connected receivers.</summary>
    public bool IsForOne => Key.Length > 0;

    /// <summary>The headers of a message that reports the sender's protocol.</summary>
    public static Dictionary<string, object?> Protocol => new() { [PeerProtocol.Header] = PeerProtocol.Ours.ToString() };

    public static OutgoingMessage Of(string kind,
        string exchange, string key, string sender, string? run = null, ReadOnlyMemory<byte> body = default, long number = 0) => new(
        exchange,
        key,
        new BasicProperties
        {
            Type = kind,
            AppId = sender,
            CorrelationId = run,
            MessageId = number == 0 ? null : number.ToString(CultureInfo.InvariantCulture),
            ContentType = body.IsEmpty ? null : "application/json",
            // A message of the kind Ask may be the first one that a broker gets from a runtime, so it has the protocol's version.
            Headers = kind == MessageTypes.Ask ? Protocol : null,
        },
        body);
}

using System.Globalization;
using Enclave.Streaming.Peers;
using RabbitMQ.Client;

namespace Enclave.RabbitMq.Wire;

/// <summary>A message on its way out.</summary>
/// <param name="Exchange">Where to.</param>
/// <param name="Key">To whom there.</param>
/// <param name="Properties">What it is.</param>
/// <param name="Body">What it says.</param>
internal sealed record OutgoingMessage(string Exchange, string Key, BasicProperties Properties, ReadOnlyMemory<byte> Body)
{
    /// <summary>A fanout reaches whoever is there; anything else is for one who has to be.</summary>
    public bool IsForOne => Key.Length > 0;

    /// <summary>The headers of a message that says which protocol its sender speaks.</summary>
    public static Dictionary<string, object?> Protocol => new() { [PeerProtocol.Header] = PeerProtocol.Ours.ToString() };

    public static OutgoingMessage Of(string kind, string exchange, string key, string sender, string? run = null, ReadOnlyMemory<byte> body = default, long number = 0) => new(
        exchange,
        key,
        new BasicProperties
        {
            Type = kind,
            AppId = sender,
            CorrelationId = run,
            MessageId = number == 0 ? null : number.ToString(CultureInfo.InvariantCulture),
            ContentType = body.IsEmpty ? null : "application/json",
            // A broker may hear of a runtime by its first question.
            Headers = kind == MessageTypes.Ask ? Protocol : null,
        },
        body);
}

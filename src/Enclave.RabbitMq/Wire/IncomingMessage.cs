using System.Text;
using Enclave.Streaming.Peers;
using RabbitMQ.Client.Events;

namespace Enclave.RabbitMq.Wire;

/// <summary>A received message, untrusted. Its body belongs to the client library and is valid only during the callback.</summary>
internal readonly struct IncomingMessage(BasicDeliverEventArgs delivery)
{
    public string Kind => delivery.BasicProperties.Type ?? "";

    /// <summary>The attempt that it belongs to; empty if the name is invalid.</summary>
    public string Run => UnguessableName.IsValid(delivery.BasicProperties.CorrelationId) ? delivery.BasicProperties.CorrelationId! : "";

    /// <summary>The broker or the runtime that sent it; empty if the name is invalid.</summary>
    public string Sender => UnguessableName.IsValid(delivery.BasicProperties.AppId) ? delivery.BasicProperties.AppId! : "";

    /// <summary>The number of an event; 0 if there is none.</summary>
    public long Number => long.TryParse(delivery.BasicProperties.MessageId,
        System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : 0;

    public ReadOnlyMemory<byte> Body => delivery.Body;

    /// <summary>The sender's protocol, as it claims; null if unreadable.</summary>
    public PeerProtocol? Protocol
    {
        get
        {
            object? said = delivery.BasicProperties.Headers?.TryGetValue(PeerProtocol.Header, out object? header) == true ? header : null;
            if (said is not (null or byte[] { Length: <= PeerProtocol.MaxText })) return null;
            return PeerProtocol.TryRead(said is byte[] text ? Encoding.UTF8.GetString(text) : null, out PeerProtocol? protocol) ? protocol : null;
        }
    }

    public ulong Tag => delivery.DeliveryTag;

    /// <summary>The exchange that it was sent to. Permissions decide who may write there.</summary>
    public string Exchange => delivery.Exchange;

    /// <summary>True if the server returns it because no runtime took it.</summary>
    public bool IsDead => delivery.BasicProperties.Headers?.ContainsKey("x-death") == true;

    /// <summary>The server's reason: <c>rejected</c>, <c>expired</c>, <c>delivery_limit</c>; empty if there is none.</summary>
    public string DeathReason => delivery.BasicProperties.Headers?.TryGetValue("x-first-death-reason", out object? reason) == true
        && reason is byte[] { Length: <= 64 } text ? Encoding.UTF8.GetString(text) : "";
}

using System.Text;
using Enclave.Streaming.Peers;
using RabbitMQ.Client.Events;

namespace Enclave.RabbitMq.Wire;

/// <summary>A message that came, before anything of it is believed. Its body is the client library's, and gone after the callback.</summary>
internal readonly struct IncomingMessage(BasicDeliverEventArgs delivery)
{
    public string Kind => delivery.BasicProperties.Type ?? "";

    /// <summary>The attempt that it is of; empty when that is no name of one.</summary>
    public string Run => UnguessableName.IsOne(delivery.BasicProperties.CorrelationId) ? delivery.BasicProperties.CorrelationId! : "";

    /// <summary>The broker or the runtime that sent it; empty when that is no name of one.</summary>
    public string Sender => UnguessableName.IsOne(delivery.BasicProperties.AppId) ? delivery.BasicProperties.AppId! : "";

    /// <summary>The number of an event; 0 when there is none.</summary>
    public long Number => long.TryParse(delivery.BasicProperties.MessageId, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : 0;

    public ReadOnlyMemory<byte> Body => delivery.Body;

    /// <summary>The protocol of whoever sent it, as it says; null when that is no such text.</summary>
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

    /// <summary>Where it was sent to; it says who may have sent it.</summary>
    public string Exchange => delivery.Exchange;

    public string ConsumerTag => delivery.ConsumerTag;

    public bool IsRedelivered => delivery.Redelivered;

    /// <summary>Whether the server gives it back because no runtime took it.</summary>
    public bool IsDead => delivery.BasicProperties.Headers?.ContainsKey("x-death") == true;

    /// <summary>Why, as the server says: <c>rejected</c>, <c>expired</c>, <c>delivery_limit</c>; empty when it does not.</summary>
    public string DeathReason => delivery.BasicProperties.Headers?.TryGetValue("x-first-death-reason", out object? reason) == true && reason is byte[] { Length: <= 64 } text ? Encoding.UTF8.GetString(text) : "";
}

using System.Net.WebSockets;

namespace Enclave.Runtime.Connections;

/// <summary>Why a connection ends.</summary>
/// <param name="Code">What the peer is told; null when it cannot be told anything.</param>
/// <param name="Reason">In words.</param>
/// <param name="IsCutOff">Whether what is held for the peer is dropped.</param>
internal sealed record SocketEnd(WebSocketCloseStatus? Code, string Reason, bool IsCutOff)
{
    public static SocketEnd Lost { get; } = new(null, "the connection was lost", true);

    public static SocketEnd SlowReader { get; } = new(null, "the peer reads too slowly", true);

    public static SocketEnd ByPeer { get; } = new(WebSocketCloseStatus.NormalClosure, "", true);

    public static SocketEnd TooLarge { get; } = new(WebSocketCloseStatus.MessageTooBig, "message too big", true);

    public static SocketEnd TooManyPieces { get; } = new(WebSocketCloseStatus.PolicyViolation, "message in too many pieces", true);

    public static SocketEnd TooFast { get; } = new(WebSocketCloseStatus.PolicyViolation, "too many messages", true);

    public static SocketEnd Stopping { get; } = new(WebSocketCloseStatus.EndpointUnavailable, "Runtime stopping", false);

    /// <summary>Whether the runtime ended it because of what the peer did.</summary>
    public bool IsFault => this != Lost && this != ByPeer && this != Stopping;
}

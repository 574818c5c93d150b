using System.Net.WebSockets;

namespace Enclave.Runtime.Connections;

/// <summary>Why a connection ends.</summary>
/// <param name="Code">The close code for the peer; null if the peer cannot be reached.</param>
/// <param name="Reason">The reason in words.</param>
/// <param name="DropsQueue">True if messages that wait for the peer are dropped.</param>
internal sealed record SocketEnd(WebSocketCloseStatus? Code, string Reason, bool DropsQueue)
{
    public static SocketEnd Lost { get; } = new(null, "the connection was lost", true);

    public static SocketEnd SlowReader { get; } = new(null, "the peer reads too slowly", true);

    public static SocketEnd ByPeer { get; } = new(WebSocketCloseStatus.NormalClosure, "", true);

    public static SocketEnd TooLarge { get; } = new(WebSocketCloseStatus.MessageTooBig, "message too big", true);

    public static SocketEnd TooManyPieces { get; } = new(WebSocketCloseStatus.PolicyViolation, "message in too many pieces", true);

    public static SocketEnd TooFast { get; } = new(WebSocketCloseStatus.PolicyViolation, "too many messages", true);

    public static SocketEnd Idle { get; } = new(WebSocketCloseStatus.PolicyViolation, "another connection needed the place of one without a session", true);

    public static SocketEnd Stopping { get; } = new(WebSocketCloseStatus.EndpointUnavailable, "Runtime stopping", false);

    /// <summary>True if the runtime ended it because of the peer's behaviour.</summary>
    public bool IsFault => this != Lost && this != ByPeer && this != Stopping;
}

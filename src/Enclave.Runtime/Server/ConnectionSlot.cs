using Enclave.Runtime.Connections;

namespace Enclave.Runtime.Server;

/// <summary>The place of one connection in a <see cref="ConnectionTable"/>. Its members belong to the table, under the table's lock.</summary>
internal sealed class ConnectionSlot
{
    public ConnectionSlot() => Node = new LinkedListNode<ConnectionSlot>(this);

    public LinkedListNode<ConnectionSlot> Node { get; }

    /// <summary>The connection and its peer; null until it is open.</summary>
    public (WebSocketClientConnection Socket, RuntimeClient Client)? Open { get; set; }

    public bool IsIdle => Open is { Client.HasSessions: false };
}

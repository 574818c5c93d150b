using Enclave.Runtime.Connections;

namespace Enclave.Runtime.Server;

/// <summary>
/// The open connections, up to a maximum number. One more replaces the oldest connection without a session: a broker opens a connection for a session, so a
/// broker with many idle connections keeps no other broker out.
/// </summary>
internal sealed class ConnectionTable(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (WebSocketClientConnection Socket, Task Ended)> _connections = [];
    // In the order in which they came.
    private readonly LinkedList<ConnectionSlot> _slots = [];
    private long _names;

    public int Count
    {
        get
        {
            lock (_gate) return _connections.Count;
        }
    }

    /// <summary>Takes a slot, if necessary that of a connection without a session. Returns null if all have sessions.</summary>
    public ConnectionSlot? TryTake()
    {
        ConnectionSlot? idle = null;
        var slot = new ConnectionSlot();
        lock (_gate)
        {
            if (_slots.Count >= max)
            {
                idle = _slots.FirstOrDefault((one) => one.IsIdle);
                if (idle is null) return null;
                _slots.Remove(idle.Node);
            }

            _slots.AddLast(slot.Node);
        }

        idle?.Open!.Value.Socket.Close(SocketEnd.Idle);
        return slot;
    }

    /// <summary>The connection of a slot is open.</summary>
    public void Serve(ConnectionSlot slot, WebSocketClientConnection socket, RuntimeClient client)
    {
        lock (_gate) slot.Open = (socket, client);
    }

    /// <summary>Gives the slot back, unless another connection has it.</summary>
    public void Release(ConnectionSlot slot)
    {
        lock (_gate)
        {
            if (slot.Node.List is not null) _slots.Remove(slot.Node);
        }
    }

    public string Name() => $"client_{Interlocked.Increment(ref _names)}";

    public void Add(string name, WebSocketClientConnection socket, Task ended)
    {
        lock (_gate) _connections.Add(name, (socket, ended));
    }

    public void Remove(string name)
    {
        lock (_gate) _connections.Remove(name);
    }

    /// <summary>Ends all connections.</summary>
    /// <returns>Completes when they have ended.</returns>
    public Task CloseAllAsync(SocketEnd why)
    {
        (WebSocketClientConnection Socket, Task Ended)[] all;
        lock (_gate) all = [.. _connections.Values];
        foreach ((WebSocketClientConnection socket, _) in all) socket.Close(why);
        return Task.WhenAll(all.Select((connection) => connection.Ended));
    }
}

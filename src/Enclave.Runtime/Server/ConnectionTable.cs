using Enclave.Runtime.Connections;

namespace Enclave.Runtime.Server;

/// <summary>The open connections, up to a maximum number.</summary>
internal sealed class ConnectionTable(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (WebSocketClientConnection Socket, Task Ended)> _connections = [];
    private long _names;
    private int _taken;

    public int Count
    {
        get
        {
            lock (_gate) return _connections.Count;
        }
    }

    /// <summary>Takes a slot. Returns false if there is none.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_taken >= max) return false;
            _taken++;
            return true;
        }
    }

    /// <summary>Gives the slot back.</summary>
    public void Release()
    {
        lock (_gate) _taken--;
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

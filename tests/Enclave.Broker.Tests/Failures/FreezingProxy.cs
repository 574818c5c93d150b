using System.Net;
using System.Net.Sockets;

namespace Enclave.Broker.Tests.Failures;

/// <summary>A proxy that can make its connections half-open (nothing passes any more, and neither end is notified), or cut them.</summary>
internal sealed class FreezingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly List<Socket> _sockets = [];
    private volatile CancellationTokenSource _flow = new();
    private int _connections;

    private FreezingProxy(Uri target) => _target = target;

    /// <summary>The target's address with the proxy's port.</summary>
    public Uri Address => new UriBuilder(_target) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    /// <summary>Number of connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public static FreezingProxy Open(Uri target)
    {
        var proxy = new FreezingProxy(target);
        proxy._listener.Start();
        _ = proxy.ServeAsync();
        return proxy;
    }

    /// <summary>Freezes the present connections; later ones pass.</summary>
    public void Freeze() => Interlocked.Exchange(ref _flow, new CancellationTokenSource()).Cancel();

    /// <summary>Closes the present connections at both ends; later ones pass.</summary>
    public void Cut()
    {
        lock (_sockets)
        {
            foreach (Socket socket in _sockets) socket.Dispose();
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        lock (_sockets) foreach (Socket socket in _sockets) socket.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket one = await _listener.AcceptSocketAsync(_stop.Token), other = new(SocketType.Stream, ProtocolType.Tcp);
            lock (_sockets) _sockets.AddRange([one, other]);
            Interlocked.Increment(ref _connections);
            CancellationToken flow = _flow.Token;
            await other.ConnectAsync(_target.Host, _target.Port, _stop.Token);
            _ = CopyAsync(one, other, flow);
            _ = CopyAsync(other, one, flow);
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken flow)
    {
        byte[] buffer = new byte[4096];
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, flow)) > 0) await to.SendAsync(buffer.AsMemory(0, count), flow);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Frozen or disposed: the sockets stay as they are.
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Enclave.Broker.Tests.Upstream;

/// <summary>A proxy between a client and a broker that cuts the first connection after a number of response lines.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _broker;
    private readonly int _afterLines;
    private Task _serving = Task.CompletedTask;
    private int _cuts;

    private CuttingProxy(Uri broker, int afterLines) => (_broker, _afterLines) = (broker, afterLines);

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Number of cut connections.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    public static CuttingProxy Open(Uri broker, int afterLines)
    {
        var proxy = new CuttingProxy(broker, afterLines);
        proxy._listener.Start();
        proxy._serving = proxy.ServeAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            Socket client = await _listener.AcceptSocketAsync(_stop.Token);
            _ = PassAsync(client);
        }
    }

    private async Task PassAsync(Socket client)
    {
        using Socket broker = new(SocketType.Stream, ProtocolType.Tcp), own = client;
        await broker.ConnectAsync(_broker.Host, _broker.Port, _stop.Token);
        Task up = CopyAsync(client, broker, int.MaxValue);
        await CopyAsync(broker, client, Cuts == 0 ? _afterLines : int.MaxValue);
        // Resets the connection, as when the network fails.
        client.LingerState = new LingerOption(true, 0);
        client.Close();
        broker.Close();
        await up.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task CopyAsync(Socket from, Socket to, int lines)
    {
        byte[] buffer = new byte[4096];
        int n;
        while ((n = await from.ReceiveAsync(buffer, _stop.Token)) > 0)
        {
            await to.SendAsync(buffer.AsMemory(0, n), _stop.Token);
            if (lines == int.MaxValue || (lines -= buffer.AsSpan(0, n).Count((byte)'\n')) > 0) continue;
            Interlocked.Increment(ref _cuts);
            return;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Enclave.Cluster.Links;

/// <summary>
/// A link between one program and one server: a port of loopback whose connections are forwarded to the server. A link can be cut, stalled and slowed.
/// </summary>
internal sealed class Link : IAsyncDisposable
{
    /// <summary>Further connections wait in the kernel's queue, and then fail.</summary>
    private const int MaxConnections = 512;

    private readonly ReservedPort _port = new();
    private readonly EndPoint _server;
    private readonly Lock _gate = new();
    private readonly HashSet<LinkConnection> _connections = [];
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private LinkSettings _settings = LinkSettings.Open;
    private TaskCompletionSource _flowing = Flowing();

    public Link(string name, EndPoint server)
    {
        (Name, _server) = (name, server);
        Listen();
    }

    public string Name { get; }

    /// <summary>The address for the program.</summary>
    public IPEndPoint Address => new(IPAddress.Loopback, _port.Number);

    public LinkSettings Settings
    {
        get
        {
            lock (_gate) return _settings;
        }
    }

    public LinkThrottle ToServer { get; } = new();

    public LinkThrottle FromServer { get; } = new();

    public JsonObject ToJson()
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["name"] = Name,
                ["state"] = Part.Word(_settings.State),
                ["delayMs"] = (int)_settings.Delay.TotalMilliseconds,
                ["bytesPerSecond"] = _settings.BytesPerSecond,
                ["connections"] = _connections.Count,
                ["bytesToServer"] = ToServer.Bytes,
                ["bytesFromServer"] = FromServer.Bytes,
            };
        }
    }

    public void Set(LinkSettings settings)
    {
        LinkConnection[] cut = [];
        lock (_gate)
        {
            _settings = settings;
            if (settings.State == LinkState.Cut)
            {
                _listener?.Dispose();
                _listener = null;
                cut = [.. _connections];
            }
            else if (_listener is null)
            {
                Listen();
            }

            if (settings.State == LinkState.Stalled)
            {
                if (_flowing.Task.IsCompleted) _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            else
            {
                _flowing.TrySetResult();
            }
        }

        foreach (LinkConnection connection in cut) connection.Reset();
    }

    /// <summary>Completes while the link is not stalled, or when it is no longer stalled.</summary>
    public Task FlowsAsync(CancellationToken cancellationToken)
    {
        Task flowing;
        lock (_gate) flowing = _flowing.Task;
        return flowing.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Set(LinkSettings.Open with { State = LinkState.Cut });
        await _accepting.ConfigureAwait(false);
        _port.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        flowing.SetResult();
        return flowing;
    }

    private void Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(Address);
        listener.Listen(MaxConnections);
        _listener = listener;
        _accepting = Task.Run(() => AcceptAsync(listener));
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new LinkConnection(this, client);
            bool taken;
            lock (_gate) taken = _settings.State != LinkState.Cut && _connections.Count < MaxConnections && _connections.Add(connection);
            if (taken) _ = PassAsync(connection);
            else connection.Dispose();
        }
    }

    private async Task PassAsync(LinkConnection connection)
    {
        await connection.PassAsync(_server).ConfigureAwait(false);
        lock (_gate) _connections.Remove(connection);
        connection.Dispose();
    }
}

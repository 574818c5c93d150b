using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Enclave.Streaming;
using Enclave.Streaming.Channels;
using Enclave.Streaming.Peers;

namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>The connection to a runtime for one session.</summary>
internal sealed class WebSocketRuntimeConnection : IRuntimeConnection
{
    /// <summary>Pings, pongs and closes of a runtime per second.</summary>
    private const int MaxControlFrames = 1000;

    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1);

    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly RemoteRuntime _runtime;
    private readonly int _maxBytes;

    private WebSocketRuntimeConnection(string session, RemoteRuntime runtime, RuntimeOptions options)
    {
        (Session, _runtime) = (session, runtime);
        _maxBytes = options.MaxMessageBytes;
        if (options.Token is { } token) _socket.Options.SetRequestHeader("Authorization", BearerScheme.Of(token));
        var handler = new SocketsHttpHandler
        {
            // The operator named this address. Another one gets no script and no answer of a tool.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PlaintextStreamFilter = static (context, _) =>
                ValueTask.FromResult<Stream>(new ControlFrameStream(context.PlaintextStream, MaxControlFrames, isAfterHead: false, TimeProvider.System)),
        };
        if (options.Certificate is { } certificate) handler.SslOptions.ClientCertificates = new X509CertificateCollection { certificate };
        _http = new HttpMessageInvoker(handler);
        _socket.Options.SetRequestHeader(PeerProtocol.Header, PeerProtocol.Ours.ToString());
        _socket.Options.CollectHttpResponseDetails = true;
        // Keep-alive pings detect a half-open connection.
        (_socket.Options.KeepAliveInterval, _socket.Options.KeepAliveTimeout) = (options.KeepAlive, options.KeepAlive);
        _socket.Options.Proxy = null;
    }

    public string Session { get; }

    /// <summary>A runtime sends nothing before the script's first event, so only its events show that a script began.</summary>
    public bool HasBegun => false;

    public string? Fault => null;

    /// <summary>Connects. The session counts against the runtime until this connection is disposed.</summary>
    /// <exception cref="WebSocketException">The runtime is unavailable.</exception>
    /// <exception cref="IOException">The runtime speaks no protocol version that this build speaks.</exception>
    /// <exception cref="TimeoutException">The runtime did not answer in time.</exception>
    public static async Task<WebSocketRuntimeConnection> ConnectAsync(
        string session, RemoteRuntime runtime, RuntimeOptions options, CancellationToken cancellationToken)
    {
        Uri address = runtime.Address;
        var socket = new WebSocketRuntimeConnection(session, runtime, options);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(options.ConnectTimeout);
        try
        {
            await socket._socket.ConnectAsync(address, socket._http, time.Token).ConfigureAwait(false);
            runtime.ReadProtocol(socket.Said);
            return socket;
        }
        // The runtime may have refused because of the protocol version.
        catch (WebSocketException) when (socket.Said is not null)
        {
            string? said = socket.Said;
            socket.LetGo();
            runtime.ReadProtocol(said);
            throw;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.LetGo();
            throw new TimeoutException($"{address} did not answer within {options.ConnectTimeout.TotalSeconds:0.###} s");
        }
        catch
        {
            socket.LetGo();
            throw;
        }
    }

    /// <summary>The protocol that the runtime reported; null if it reported none.</summary>
    private string? Said =>
        _socket.HttpResponseHeaders?.TryGetValue(PeerProtocol.Header, out IEnumerable<string>? said) == true ? string.Join(' ', said) : null;

    public async Task SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(message.ToJsonString());
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is WebSocketException or InvalidOperationException)
        {
            throw new IOException(fault.Message, fault);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The session's events, each number once, until the connection ends. Other messages are skipped.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">A message is too large.</exception>
    public async IAsyncEnumerable<SessionEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var receiver = new WebSocketReceiver(_socket, _maxBytes, _runtime.Unfinished(_maxBytes));
        var numbers = new SequenceWindow();
        while (true)
        {
            ReadOnlyMemory<byte> message = await ReceiveAsync(receiver, cancellationToken).ConfigureAwait(false);
            if (receiver.Receipt == WebSocketReceipt.Closed) yield break;
            if (receiver.Receipt == WebSocketReceipt.TooLarge)
                throw new InvalidDataException($"the runtime sent a message larger than {_maxBytes} bytes (MaxMessageBytes)");
            if (receiver.Receipt == WebSocketReceipt.TooManyPieces) throw new IOException("the runtime sent a message in too many fragments");
            if (receiver.Receipt != WebSocketReceipt.Text || RuntimeEvents.Read(message) is not { } happened) continue;
            // An event of another session uses up no number.
            if (happened.SessionId == Session && numbers.TryTake(happened.Seq)) yield return happened;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var time = new CancellationTokenSource(s_closing);
        try
        {
            if (_socket.State == WebSocketState.Open)
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, time.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            // The connection is already closed.
        }

        LetGo();
        _runtime.RemoveSession();
    }

    private static async Task<ReadOnlyMemory<byte>> ReceiveAsync(WebSocketReceiver receiver, CancellationToken cancellationToken)
    {
        try
        {
            return await receiver.ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException fault)
        {
            throw new IOException(fault.Message, fault);
        }
        // A connection closed by a missed keep-alive looks cancelled to its reader.
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("it missed its keep-alive", fault);
        }
    }

    private void LetGo()
    {
        _socket.Dispose();
        _http.Dispose();
        _sending.Dispose();
    }
}

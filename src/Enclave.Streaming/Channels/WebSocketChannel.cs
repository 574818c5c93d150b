using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Enclave.Streaming.Channels;

namespace Enclave.Streaming;

/// <summary>A channel over a WebSocket that this end opens, and reopens when it is lost.</summary>
/// <remarks>
/// Messages sent while the connection is down are queued, and sent in order when it is up. A message that is interrupted by a lost connection is sent again
/// on the next one, because the other end has not received it. Broken JSON is ignored; any valid JSON is passed on.
/// </remarks>
public sealed class WebSocketChannel : IRuntimeChannel, IAsyncDisposable
{
    /// <summary>The close code for a connection that was lost without a close frame.</summary>
    private const WebSocketCloseStatus Lost = (WebSocketCloseStatus)1006;

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly Uri _address;
    private readonly WebSocketChannelOptions _options;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private readonly MessageHandlers _handlers = new();
    private readonly SendBuffer _held;
    private WebSocketChannelState _state;
    private Task? _running;

    /// <summary>Creates a channel that is not connected yet.</summary>
    /// <param name="address"><c>ws://</c> or <c>wss://</c>.</param>
    /// <param name="options">How to connect; null for the defaults.</param>
    public WebSocketChannel(Uri address, WebSocketChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.Scheme is not ("ws" or "wss")) throw new ArgumentException("the address of a WebSocket must begin with ws:// or wss://", nameof(address));
        _address = address;
        _options = options ?? new WebSocketChannelOptions();
        _held = new SendBuffer(_options.MaxHeldBytes);
    }

    /// <summary>The state of the channel.</summary>
    public WebSocketChannelState State
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    /// <inheritdoc/>
    public bool IsOpen => State == WebSocketChannelState.Connected;

    /// <inheritdoc/>
    public Task Completion => _completion.Task;

    /// <summary>Connects. Further calls return the same task.</summary>
    /// <returns>Completes when connected for the first time. If the first attempt fails, this fails, and
    /// <see cref="WebSocketChannelOptions.Reconnect"/> keeps trying.</returns>
    /// <exception cref="RuntimeChannelException">The first attempt failed, or the channel was closed.</exception>
    public Task ConnectAsync()
    {
        lock (_gate)
        {
            if (_state == WebSocketChannelState.Closed && _running is null) return Task.FromException(RuntimeChannelException.IsClosed());
            _running ??= Task.Run(RunAsync);
        }

        return _first.Task;
    }

    /// <inheritdoc/>
    public void Send(JsonElement message)
    {
        byte[] text = Encoding.UTF8.GetBytes(message.GetRawText());
        if (State == WebSocketChannelState.Closed) throw RuntimeChannelException.IsClosed();
        if (!_held.TryAdd(text))
            throw new RuntimeChannelException(RuntimeChannelFault.Full, $"more than {_options.MaxHeldBytes} bytes wait to be sent (MaxHeldBytes)");
    }

    /// <inheritdoc/>
    public IDisposable OnMessage(Action<JsonElement> handler) => _handlers.Add(handler);

    /// <summary>Closes the connection with 1000 after sending queued messages, and does not reopen it.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_state == WebSocketChannelState.Closed) return;
            _state = WebSocketChannelState.Closed;
            if (_running is null) _completion.TrySetResult();
        }

        _options.OnStateChange?.Invoke(WebSocketChannelState.Closed);
        _ = _closing.CancelAsync();
    }

    /// <summary>Closes, and waits until the connection is down.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        await _completion.Task.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        SetState(WebSocketChannelState.Connecting);
        for (int attempt = 0; !_closing.IsCancellationRequested; attempt++)
        {
            using (ClientWebSocket? socket = await TryConnectAsync().ConfigureAwait(false))
            {
                if (socket is not null && !_closing.IsCancellationRequested)
                {
                    attempt = 0;
                    await ServeAsync(socket).ConfigureAwait(false);
                }
            }

            if (_closing.IsCancellationRequested) break;
            if (_options.Reconnect is not { } again || attempt >= again.MaxRetries)
            {
                SetState(WebSocketChannelState.Disconnected);
                break;
            }

            SetState(WebSocketChannelState.Reconnecting);
            await Task.Delay(new Backoff(again, Random.Shared).Delay(attempt + 1),
                _options.TimeProvider, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _first.TrySetException(RuntimeChannelException.IsClosed());
        // Marks the exception as observed: a connection that was closed before it was up may have no caller that waits.
        _ = _first.Task.Exception;
        _completion.TrySetResult();
    }

    private async Task<ClientWebSocket?> TryConnectAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = _options.KeepAliveInterval;
        socket.Options.KeepAliveTimeout = _options.KeepAliveTimeout;
        if (_options.BearerToken is { } token) socket.Options.SetRequestHeader("Authorization", BearerScheme.Of(token));
        IWebProxy? usual = socket.Options.Proxy;
        using var late = new CancellationTokenSource(_options.ConnectionTimeout);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _closing.Token);
        try
        {
            _options.Configure?.Invoke(socket.Options);
            using HttpMessageInvoker http = DirectHttp.Take(socket.Options, usual);
            await socket.ConnectAsync(_address, http, ended.Token).ConfigureAwait(false);
            return socket;
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or HttpRequestException or InvalidOperationException)
        {
            socket.Dispose();
            if (_closing.IsCancellationRequested) return null;
            RuntimeChannelException told = late.IsCancellationRequested
                ? new(RuntimeChannelFault.ConnectionTimeout, "Connection timeout", failure)
                : new(RuntimeChannelFault.ConnectionFailed, "Connection failed", failure);
            _first.TrySetException(told);
            _ = _first.Task.Exception;
            Tell(told);
            return null;
        }
    }

    private async Task ServeAsync(ClientWebSocket socket)
    {
        SetState(WebSocketChannelState.Connected);
        _first.TrySetResult();
        Guarded(() => _options.OnOpen?.Invoke());
        using var down = new CancellationTokenSource();
        Task sending = SendAllAsync(socket, down.Token);
        Task<(WebSocketCloseStatus Code, string Reason)> receiving = ReceiveAllAsync(socket);
        await Task.WhenAny(sending, receiving).ConfigureAwait(false);
        // One end is closing. Both directions get a moment to finish, and no more.
        await down.CancelAsync().ConfigureAwait(false);
        (WebSocketCloseStatus code, string reason) = (WebSocketCloseStatus.NormalClosure, "Channel closed");
        if (receiving.IsCompleted) (code, reason) = await receiving.ConfigureAwait(false);
        await FarewellAsync(socket, code, reason, sending, receiving).ConfigureAwait(false);
        (code, reason) = await receiving.ConfigureAwait(false);
        Guarded(() => _options.OnClose?.Invoke((int)code, reason));
    }

    private static async Task FarewellAsync(ClientWebSocket socket, WebSocketCloseStatus code, string reason, Task sending, Task receiving)
    {
        using var deadline = new CancellationTokenSource(s_farewell);
        try
        {
            await sending.WaitAsync(deadline.Token).ConfigureAwait(false);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                // 1005 and 1006 mean a close without a code, and must not be sent.
                bool isCode = code is not (WebSocketCloseStatus.Empty or Lost);
                await socket.CloseOutputAsync(isCode ? code : WebSocketCloseStatus.NormalClosure, isCode ? reason : "", deadline.Token).ConfigureAwait(false);
            }

            await receiving.WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // The other end no longer reads.
        }

        socket.Abort();
    }

    /// <summary>Sends queued messages until the connection is down, or until all are sent and the channel closes.</summary>
    private async Task SendAllAsync(ClientWebSocket socket, CancellationToken down)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(down, _closing.Token);
        try
        {
            while (!down.IsCancellationRequested)
            {
                if (_held.TryPeek(out byte[]? oldest, out Task? later))
                {
                    await socket.SendAsync(oldest, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
                    _held.RemoveOldest();
                }
                else
                {
                    if (_closing.IsCancellationRequested) return;
                    await later.WaitAsync(ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        catch (Exception lost) when (lost is WebSocketException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // The receiving side reports how the connection ended.
        }
    }

    private async Task<(WebSocketCloseStatus Code, string Reason)> ReceiveAllAsync(ClientWebSocket socket)
    {
        var receiver = new WebSocketReceiver(socket, _options.MaxMessageBytes);
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> text = await receiver.ReceiveAsync(CancellationToken.None).ConfigureAwait(false);
                switch (receiver.Receipt)
                {
                    case WebSocketReceipt.Text:
                        HandOn(text);
                        break;
                    case WebSocketReceipt.Closed:
                        return (socket.CloseStatus ?? WebSocketCloseStatus.Empty, socket.CloseStatusDescription ?? "");
                    case WebSocketReceipt.TooLarge or WebSocketReceipt.TooManyPieces:
                        Tell(new RuntimeChannelException(RuntimeChannelFault.MessageTooLarge,
                            $"a message is larger than {_options.MaxMessageBytes} bytes (MaxMessageBytes), or in too many fragments"));
                        return (WebSocketCloseStatus.MessageTooBig, "message too big");
                }
            }
        }
        catch (Exception lost) when (lost is WebSocketException or OperationCanceledException or InvalidOperationException or IOException)
        {
            return (Lost, "");
        }
    }

    private void HandOn(ReadOnlyMemory<byte> text)
    {
        JsonElement message;
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = EventReader.MaxDepth });
            message = parsed.RootElement.Clone();
        }
        catch (JsonException)
        {
            return;
        }

        Guarded(() => _handlers.Call(message));
    }

    private void SetState(WebSocketChannelState state)
    {
        lock (_gate)
        {
            if (_state == WebSocketChannelState.Closed || _state == state) return;
            _state = state;
        }

        Guarded(() => _options.OnStateChange?.Invoke(state));
    }

    private void Guarded(Action call)
    {
        try
        {
            call();
        }
        catch (Exception fault)
        {
            // An exception of a user's handler must not end the connection.
            Tell(fault);
        }
    }

    private void Tell(Exception fault)
    {
        try
        {
            _options.OnError?.Invoke(fault);
        }
        catch (Exception)
        {
            // The fault was reported; an exception of the callback is ignored.
        }
    }
}

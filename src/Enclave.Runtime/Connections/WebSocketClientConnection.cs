using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Enclave.Limits;
using Enclave.Streaming;
using Enclave.Streaming.Channels;

namespace Enclave.Runtime.Connections;

/// <summary>A WebSocket to a peer, with limits on received and queued bytes and on waiting times.</summary>
/// <param name="socket">The socket.</param>
/// <param name="limits">The limits.</param>
/// <param name="unfinished">Bytes of unfinished messages of all peers together.</param>
internal sealed class WebSocketClientConnection(WebSocket socket, RuntimeConnectionLimits limits, ReceiveBudget unfinished) : IClientConnection, IDisposable
{
    /// <summary>Bytes that a peer has to take within its time. A whole message may be larger than a slow peer can take in it.</summary>
    private const int Slice = 64 * 1024;

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly SendBuffer _held = new(limits.SendQueueBytes);
    private readonly TaskCompletionSource<SocketEnd> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _down = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _sending = Task.CompletedTask;
    private Task<SocketEnd> _receiving = Task.FromResult(SocketEnd.Lost);
    private SocketEnd? _end;

    public bool TrySend(SessionEvent sent) => TrySend(Text(sent));

    public async ValueTask<bool> SendAsync(SessionEvent sent)
    {
        byte[] text = Text(sent);
        while (!_held.TryAdd(text, out Task? removed))
        {
            // If the peer reads nothing at all, the time limit of each slice ends the connection.
            await Task.WhenAny(removed, _over.Task).ConfigureAwait(false);
            if (_over.Task.IsCompleted) return false;
        }

        return true;
    }

    public bool TrySend(ChannelMessage message) => TrySend(Encoding.UTF8.GetBytes(message.ToJsonString()));

    /// <summary>Ends the connection after sending the queued messages. Thread-safe.</summary>
    public void Close(SocketEnd why) => _asked.TrySetResult(why);

    /// <summary>Passes on received messages, one after another, until the connection ends.</summary>
    /// <returns>Why the connection ended.</returns>
    public async Task<SocketEnd> ReceiveAsync(Action<ReadOnlyMemory<byte>> onMessage)
    {
        _sending = SendAllAsync();
        _receiving = ReceiveAllAsync(onMessage);
        Task first = await Task.WhenAny(_receiving, _asked.Task, _sending).ConfigureAwait(false);
        _end =
            _asked.Task.IsCompleted ? await _asked.Task.ConfigureAwait(false) : first == _receiving ? await _receiving.ConfigureAwait(false) : SocketEnd.Lost;
        // Senders that wait for room stop waiting.
        if (_end.DropsQueue) _over.TrySetResult();
        return _end;
    }

    /// <summary>Sends the close frame if the peer still listens, and closes the connection.</summary>
    public async Task CloseAsync()
    {
        SocketEnd end = _end ?? SocketEnd.Lost;
        using var deadline = new CancellationTokenSource(s_farewell);
        try
        {
            if (end.Code is { } code)
            {
                // Queued messages go first: a session's last event may be among them.
                if (!end.DropsQueue) await _held.WhenEmpty().WaitAsync(deadline.Token).ConfigureAwait(false);
                await _down.CancelAsync().ConfigureAwait(false);
                await _sending.WaitAsync(deadline.Token).ConfigureAwait(false);
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(code, end.Reason, deadline.Token).ConfigureAwait(false);
                await AwaitCloseAsync(deadline.Token).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // The peer no longer reads.
        }

        await _down.CancelAsync().ConfigureAwait(false);
        _over.TrySetResult();
        socket.Abort();
        await Task.WhenAll(_sending, _receiving).ConfigureAwait(false);
    }

    /// <summary>Call it after <see cref="CloseAsync"/>.</summary>
    public void Dispose() => _down.Dispose();

    private static byte[] Text(SessionEvent sent)
    {
        var output = new ArrayBufferWriter<byte>();
        sent.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    private bool TrySend(byte[] text)
    {
        if (_held.TryAdd(text)) return true;
        _asked.TrySetResult(SocketEnd.SlowReader);
        return false;
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (!_down.IsCancellationRequested)
            {
                if (_held.TryPeek(out byte[]? oldest, out Task? later))
                {
                    for (ReadOnlyMemory<byte> rest = oldest; !rest.IsEmpty;)
                    {
                        ReadOnlyMemory<byte> slice = rest[..Math.Min(Slice, rest.Length)];
                        rest = rest[slice.Length..];
                        await SendAsync(slice, rest.IsEmpty).ConfigureAwait(false);
                    }

                    _held.RemoveOldest();
                }
                else
                {
                    await later.WaitAsync(_down.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // The receiving side reports how the connection ended.
        }
    }

    /// <summary>Sends a part of a message. A peer that does not take it in time is disconnected.</summary>
    private async Task SendAsync(ReadOnlyMemory<byte> slice, bool isLast)
    {
        using var late = new CancellationTokenSource(limits.SendTimeout);
        // Records the reason first: an abort would look like a lost connection.
        using CancellationTokenRegistration cut = late.Token.Register(() =>
        {
            _asked.TrySetResult(SocketEnd.SlowReader);
            socket.Abort();
        });
        await socket.SendAsync(slice, WebSocketMessageType.Text, isLast, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<SocketEnd> ReceiveAllAsync(Action<ReadOnlyMemory<byte>> onMessage)
    {
        using var receiver = new WebSocketReceiver(socket, limits.MaxMessageBytes, unfinished);
        var rate = new MessageRateLimiter(limits.MaxMessagesPerSecond);
        try
        {
            while (true)
            {
                ReadOnlyMemory<byte> message = await receiver.ReceiveAsync(CancellationToken.None).ConfigureAwait(false);
                switch (receiver.Receipt)
                {
                    case WebSocketReceipt.Closed: return SocketEnd.ByPeer;
                    case WebSocketReceipt.TooLarge: return SocketEnd.TooLarge;
                    case WebSocketReceipt.TooManyPieces: return SocketEnd.TooManyPieces;
                }

                if (!rate.TryTake()) return SocketEnd.TooFast;
                if (receiver.Receipt == WebSocketReceipt.Text && !_asked.Task.IsCompleted) onMessage(message);
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            return SocketEnd.Lost;
        }
    }

    /// <summary>Reads what is still arriving: closing with unread bytes would reset the connection and lose the close frame.</summary>
    private async Task AwaitCloseAsync(CancellationToken deadline)
    {
        if (!_receiving.IsCompleted)
        {
            await _receiving.WaitAsync(deadline).ConfigureAwait(false);
            return;
        }

        byte[] rest = new byte[16 << 10];
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            ValueWebSocketReceiveResult piece = await socket.ReceiveAsync(rest.AsMemory(), deadline).ConfigureAwait(false);
            if (piece.MessageType == WebSocketMessageType.Close) return;
        }
    }

    private static bool IsGone(Exception fault) => fault is WebSocketException or OperationCanceledException or InvalidOperationException or IOException;
}

using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using Enclave.Streaming;
using Enclave.Streaming.Channels;

namespace Enclave.Runtime.Connections;

/// <summary>The way to a peer at the other end of a WebSocket: bounded in what it takes, in what it holds, and in how long it waits.</summary>
internal sealed class WebSocketClientConnection(WebSocket socket, RuntimeConnectionLimits limits) : IClientConnection, IDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly HeldMessages _held = new(limits.SendQueueBytes);
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
            // A peer that takes nothing at all is cut off by the time that each message has.
            await Task.WhenAny(removed, _over.Task).ConfigureAwait(false);
            if (_over.Task.IsCompleted) return false;
        }

        return true;
    }

    public bool TrySend(ChannelMessage message) => TrySend(Encoding.UTF8.GetBytes(message.ToJsonString()));

    /// <summary>Ends the connection after what is held, from any thread.</summary>
    public void Close(SocketEnd why) => _asked.TrySetResult(why);

    /// <summary>Hands on what comes, one message after the other, until there is no more to come.</summary>
    /// <returns>Why there is not.</returns>
    public async Task<SocketEnd> ConverseAsync(Action<ReadOnlyMemory<byte>> onMessage)
    {
        _sending = SendAllAsync();
        _receiving = ReceiveAllAsync(onMessage);
        Task first = await Task.WhenAny(_receiving, _asked.Task, _sending).ConfigureAwait(false);
        _end = _asked.Task.IsCompleted ? await _asked.Task.ConfigureAwait(false) : first == _receiving ? await _receiving.ConfigureAwait(false) : SocketEnd.Lost;
        // Senders that wait for room wait no longer.
        if (_end.IsCutOff) _over.TrySetResult();
        return _end;
    }

    /// <summary>Says why, if the peer still listens, and lets go of the connection.</summary>
    public async Task FarewellAsync()
    {
        SocketEnd end = _end ?? SocketEnd.Lost;
        using var deadline = new CancellationTokenSource(s_farewell);
        try
        {
            if (end.Code is { } code)
            {
                // What is held goes first: a session's last event may be in it.
                if (!end.IsCutOff) await _held.WhenEmpty().WaitAsync(deadline.Token).ConfigureAwait(false);
                await _down.CancelAsync().ConfigureAwait(false);
                await _sending.WaitAsync(deadline.Token).ConfigureAwait(false);
                if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync(code, end.Reason, deadline.Token).ConfigureAwait(false);
                await AwaitCloseAsync(deadline.Token).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // The peer does not want to hear it.
        }

        await _down.CancelAsync().ConfigureAwait(false);
        _over.TrySetResult();
        socket.Abort();
        await Task.WhenAll(_sending, _receiving).ConfigureAwait(false);
    }

    /// <summary>After the farewell.</summary>
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
                    using var late = new CancellationTokenSource(limits.SendTimeout);
                    // Why it ends is known before it does: an abort looks like a connection that was lost.
                    using CancellationTokenRegistration cut = late.Token.Register(() =>
                    {
                        _asked.TrySetResult(SocketEnd.SlowReader);
                        socket.Abort();
                    });
                    await socket.SendAsync(oldest, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
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
            // The receiving end tells how the connection went.
        }
    }

    private async Task<SocketEnd> ReceiveAllAsync(Action<ReadOnlyMemory<byte>> onMessage)
    {
        var receiver = new WebSocketReceiver(socket, limits.MaxMessageBytes);
        var rate = new MessageRate(limits.MaxMessagesPerSecond, TimeProvider.System);
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

    /// <summary>Reads what is still on its way: closing on unread bytes would take the close frame with it.</summary>
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

using System.Net.WebSockets;

namespace Enclave.Streaming.Channels;

/// <summary>
/// Receives whole messages of a WebSocket, limited in size and in number of fragments, and with a budget in the bytes of all connections that share it. One
/// reader at a time.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="maxBytes">The largest message.</param>
/// <param name="budget">Bounds the unfinished messages of all connections together; null for no such bound.</param>
internal sealed class WebSocketReceiver(WebSocket socket, int maxBytes, ReceiveBudget? budget = null) : IDisposable
{
    /// <summary>Fragments that a message of any size may have; in addition one for each <see cref="BytesPerPiece"/> bytes.</summary>
    private const int FreePieces = 64, BytesPerPiece = 256;

    private const int FirstBuffer = 4 << 10, LargestKept = 64 << 10;

    // A connection that is given up fails its reader like one that was lost.
    private readonly ReceiveShare? _share = budget?.Open(socket.Abort);
    private byte[] _buffer = new byte[FirstBuffer];

    /// <summary>The kind of the last message.</summary>
    public WebSocketReceipt Receipt { get; private set; }

    /// <summary>The next message, valid until the next call; empty if it is not a text.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length > LargestKept) _buffer = new byte[FirstBuffer];
        _share?.TrySet(0);
        int length = 0, pieces = 0;
        while (true)
        {
            if (length == _buffer.Length && !Grow()) return End(WebSocketReceipt.TooLarge);
            ValueWebSocketReceiveResult piece = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += piece.Count;
            if (piece.MessageType == WebSocketMessageType.Close) return End(WebSocketReceipt.Closed);
            if (length > maxBytes) return End(WebSocketReceipt.TooLarge);
            // Empty or tiny fragments cost work without adding bytes, so fragments are counted as well.
            if (++pieces > FreePieces + (length / BytesPerPiece)) return End(WebSocketReceipt.TooManyPieces);
            if (!piece.EndOfMessage) continue;
            Receipt = piece.MessageType == WebSocketMessageType.Text ? WebSocketReceipt.Text : WebSocketReceipt.Binary;
            return _buffer.AsMemory(0, length);
        }
    }

    private bool Grow()
    {
        if (_buffer.Length > maxBytes) return false;
        // One byte above the limit, to distinguish a message of exactly this size from a larger one.
        int larger = (int)Math.Min(_buffer.Length * 2L, maxBytes + 1L);
        // Small messages do not count in the budget: the number of connections bounds them.
        if (larger > LargestKept && _share?.TrySet(larger) == false) throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        Array.Resize(ref _buffer, larger);
        return true;
    }

    /// <summary>Gives the bytes back. The socket stays open.</summary>
    public void Dispose()
    {
        _buffer = [];
        _share?.TrySet(0);
    }

    private ReadOnlyMemory<byte> End(WebSocketReceipt receipt)
    {
        Receipt = receipt;
        return default;
    }
}

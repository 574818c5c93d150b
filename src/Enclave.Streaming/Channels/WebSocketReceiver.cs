using System.Net.WebSockets;

namespace Enclave.Streaming.Channels;

/// <summary>Receives whole messages of a WebSocket, limited in size and in number of fragments. One reader at a time.</summary>
internal sealed class WebSocketReceiver(WebSocket socket, int maxBytes)
{
    /// <summary>Fragments that a message of any size may have; in addition one for each <see cref="BytesPerPiece"/> bytes.</summary>
    private const int FreePieces = 64, BytesPerPiece = 256;

    private const int FirstBuffer = 4 << 10, LargestKept = 64 << 10;

    private byte[] _buffer = new byte[FirstBuffer];

    /// <summary>The kind of the last message.</summary>
    public WebSocketReceipt Receipt { get; private set; }

    /// <summary>The next message, valid until the next call; empty if it is not a text.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length > LargestKept) _buffer = new byte[FirstBuffer];
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
        Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, maxBytes + 1L));
        return true;
    }

    private ReadOnlyMemory<byte> End(WebSocketReceipt receipt)
    {
        Receipt = receipt;
        return default;
    }
}

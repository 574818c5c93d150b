using System.Buffers;
using System.Text;

namespace Enclave.Mcp.Transports;

/// <summary>
/// Limits the size of the other side's messages and their number per second, and hands them on one by one, mended. Otherwise a reader would buffer an endless
/// message.
/// </summary>
/// <param name="inner">The other side's stream.</param>
/// <param name="boundary">Where a message ends.</param>
/// <param name="maxBytes">The most bytes of a message.</param>
/// <param name="maxPerSecond">The most messages in a second.</param>
/// <param name="clock">The clock of that second.</param>
/// <param name="mend">Changes a message before it is read; null for no change.</param>
internal sealed class BoundedMessages(
    Stream inner, MessageBoundary boundary, int maxBytes, int maxPerSecond, TimeProvider clock, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? mend = null)
    : MessageStream(inner, isRead: true)
{
    private const int ChunkBytes = 64 << 10;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly byte[] _chunk = new byte[ChunkBytes];
    // The message that is being received, and those that are complete and wait for the reader.
    private ArrayBufferWriter<byte> _message = new();
    private ReadOnlyMemory<byte> _ready;
    private bool _hasEnded;
    private bool _lineIsEmpty = true;
    private long _windowStarted = clock.GetTimestamp();
    private int _inWindow;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_ready.IsEmpty && !_hasEnded && !buffer.IsEmpty)
        {
            int read = await Inner.ReadAsync(_chunk, cancellationToken).ConfigureAwait(false);
            int ended = read == 0 ? End() : Take(_chunk.AsSpan(0, read));
            if (ended > 0) await TakeTimeAsync(ended, cancellationToken).ConfigureAwait(false);
        }

        int given = Math.Min(buffer.Length, _ready.Length);
        _ready[..given].CopyTo(buffer);
        _ready = _ready[given..];
        return given;
    }

    /// <summary>Takes the received bytes, and counts the ends of messages in them.</summary>
    /// <returns>How many messages ended.</returns>
    /// <exception cref="IOException">A message is too long.</exception>
    private int Take(ReadOnlySpan<byte> bytes)
    {
        int ended = 0;
        var ready = new ArrayBufferWriter<byte>();
        while (!bytes.IsEmpty)
        {
            int end = boundary == MessageBoundary.End ? -1 : bytes.IndexOf((byte)'\n');
            int length = end < 0 ? bytes.Length : end + 1;
            if (_message.WrittenCount + length > maxBytes) throw new IOException($"a message is longer than {maxBytes} bytes (MaxMessageBytes)");
            _message.Write(bytes[..length]);
            if (bytes[..length].ContainsAnyExcept((byte)'\r', (byte)'\n')) _lineIsEmpty = false;
            if (end >= 0)
            {
                if (boundary == MessageBoundary.Line || _lineIsEmpty)
                {
                    Hand(ready);
                    ended++;
                }

                _lineIsEmpty = true;
            }

            bytes = bytes[length..];
        }

        _ready = ready.WrittenMemory;
        return ended;
    }

    /// <summary>Ends the last message at the end of the stream. Returns how many messages ended.</summary>
    private int End()
    {
        _hasEnded = true;
        if (_message.WrittenCount == 0) return 0;
        var ready = new ArrayBufferWriter<byte>();
        Hand(ready);
        _ready = ready.WrittenMemory;
        return 1;
    }

    private void Hand(ArrayBufferWriter<byte> ready)
    {
        ReadOnlyMemory<byte> message = _message.WrittenMemory;
        ready.Write((mend is null ? message : boundary == MessageBoundary.EmptyLine ? Event(message, mend) : Line(message, mend)).Span);
        // A long message's memory is not kept for the short ones that follow.
        if (_message.Capacity > 2 * ChunkBytes) _message = new ArrayBufferWriter<byte>();
        else _message.ResetWrittenCount();
    }

    private static ReadOnlyMemory<byte> Line(ReadOnlyMemory<byte> line, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> mend)
    {
        ReadOnlyMemory<byte> text = line.TrimEnd("\r\n"u8);
        ReadOnlyMemory<byte> mended = mend(text);
        return mended.Equals(text) ? line : (byte[])[.. mended.Span, .. line.Span[text.Length..]];
    }

    /// <summary>An event whose lines of data are one message (HTML, 9.2.6).</summary>
    private static ReadOnlyMemory<byte> Event(ReadOnlyMemory<byte> lines, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> mend)
    {
        string[] all = Encoding.UTF8.GetString(lines.Span).TrimStart('\uFEFF').Split('\n');
        string[] data = [.. all.Select((line) => line.TrimEnd('\r')).Where((line) => line.StartsWith("data:", StringComparison.Ordinal))
            .Select((line) => line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : line[5..])];
        if (data.Length == 0) return lines;
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', data));
        string mended = Encoding.UTF8.GetString(mend(text).Span).ReplaceLineEndings(" ");
        IEnumerable<string> others = all.Select((line) => line.TrimEnd('\r'))
            .Where((line) => line.Length > 0 && !line.StartsWith("data:", StringComparison.Ordinal));
        return Encoding.UTF8.GetBytes(string.Join('\n', [.. others, $"data: {mended}", "", ""]));
    }

    /// <summary>Waits if more messages came than one second allows. While nothing is read, the sender has to wait too.</summary>
    private async ValueTask TakeTimeAsync(int messages, CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(_windowStarted) >= s_second) (_windowStarted, _inWindow) = (clock.GetTimestamp(), 0);
        _inWindow += messages;
        if (_inWindow <= maxPerSecond) return;
        // One read may contain messages for several seconds.
        TimeSpan rest = (s_second * ((double)_inWindow / maxPerSecond)) - clock.GetElapsedTime(_windowStarted);
        if (rest > TimeSpan.Zero) await Task.Delay(rest, clock, cancellationToken).ConfigureAwait(false);
        (_windowStarted, _inWindow) = (clock.GetTimestamp(), 0);
    }
}

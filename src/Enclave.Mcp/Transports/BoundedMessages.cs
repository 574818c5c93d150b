namespace Enclave.Mcp.Transports;

/// <summary>
/// Limits the size of the other side's messages and their number per second. Otherwise a reader would buffer an endless message.
/// </summary>
internal sealed class BoundedMessages(Stream inner, MessageBoundary boundary, int maxBytes, int maxPerSecond, TimeProvider clock) : Stream
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private long _since;
    private bool _lineIsEmpty = true;
    private long _windowStarted = clock.GetTimestamp();
    private int _inWindow;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        int ended = CountMessages(buffer.Span[..read]);
        if (ended > 0) await TakeTimeAsync(ended, cancellationToken).ConfigureAwait(false);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = inner.Read(buffer, offset, count);
        CountMessages(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Counts the bytes between boundaries.</summary>
    /// <returns>How many messages ended.</returns>
    /// <exception cref="IOException">One is too long.</exception>
    private int CountMessages(ReadOnlySpan<byte> bytes)
    {
        int ended = 0;
        while (!bytes.IsEmpty)
        {
            int end = boundary == MessageBoundary.End ? -1 : bytes.IndexOf((byte)'\n');
            int length = end < 0 ? bytes.Length : end + 1;
            _since += length;
            if (_since > maxBytes) throw new IOException($"a message is longer than {maxBytes} bytes (MaxMessageBytes)");
            if (bytes[..length].ContainsAnyExcept((byte)'\r', (byte)'\n')) _lineIsEmpty = false;
            if (end >= 0)
            {
                if (boundary == MessageBoundary.Line || _lineIsEmpty)
                {
                    _since = 0;
                    ended++;
                }

                _lineIsEmpty = true;
            }

            bytes = bytes[length..];
        }

        return ended;
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

namespace Enclave.Streaming.Channels;

/// <summary>The bytes under a WebSocket. A peer that sends more pings, pongs and other control frames than allowed loses its connection.</summary>
/// <param name="inner">The connection.</param>
/// <param name="maxPerSecond">Control frames per second. The same number may arrive at one moment.</param>
/// <param name="isAfterHead">False if the head of an HTTP response comes first.</param>
/// <param name="clock">Measures the second.</param>
internal sealed class ControlFrameStream(Stream inner, int maxPerSecond, bool isAfterHead, TimeProvider clock) : Stream
{
    private static ReadOnlySpan<byte> HeadEnd => "\r\n\r\n"u8;

    // Frames that may still come, and since when they are counted.
    private double _left = maxPerSecond;
    private long _since = clock.GetTimestamp();
    private int _headMatched = isAfterHead ? -1 : 0;
    // The read bytes of the frame's head, the length of the head, and the remaining bytes of the payload.
    private int _headRead, _headLength = 2;
    private ulong _payload;
    private bool _isControl;
    private byte _lengthCode;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count(buffer.Span[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        Count(buffer[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    /// <exception cref="IOException">There are too many control frames.</exception>
    private void Count(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_headMatched >= 0)
            {
                _headMatched = bytes[0] == HeadEnd[_headMatched] ? _headMatched + 1 : bytes[0] == HeadEnd[0] ? 1 : 0;
                if (_headMatched == HeadEnd.Length) _headMatched = -1;
                bytes = bytes[1..];
            }
            else if (_headRead == _headLength && _payload > 0)
            {
                int skipped = (int)Math.Min(_payload, (ulong)bytes.Length);
                _payload -= (ulong)skipped;
                bytes = bytes[skipped..];
            }
            else
            {
                if (_headRead == _headLength) (_headRead, _headLength) = (0, 2);
                ReadHead(bytes[0]);
                bytes = bytes[1..];
            }
        }
    }

    /// <summary>Reads a byte of a frame's head (RFC 6455, 5.2): kind, length, longer length, mask.</summary>
    private void ReadHead(byte next)
    {
        int at = _headRead++;
        if (at == 0)
        {
            _isControl = (next & 0x08) != 0;
            return;
        }

        if (at == 1)
        {
            _lengthCode = (byte)(next & 0x7F);
            int more = _lengthCode switch { 126 => 2, 127 => 8, _ => 0 };
            _headLength = 2 + more + ((next & 0x80) != 0 ? 4 : 0);
            _payload = more == 0 ? _lengthCode : 0UL;
            if (_isControl) CountControl();
            return;
        }

        if (_lengthCode >= 126 && at < 2 + (_lengthCode == 126 ? 2 : 8)) _payload = (_payload << 8) | next;
    }

    private void CountControl()
    {
        long now = clock.GetTimestamp();
        _left = Math.Min(maxPerSecond, _left + (clock.GetElapsedTime(_since, now).TotalSeconds * maxPerSecond));
        _since = now;
        if (_left < 1) throw new IOException($"more than {maxPerSecond} control frames in a second");
        _left--;
    }
}

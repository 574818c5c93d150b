using System.Collections.Concurrent;

namespace Enclave.Testing.Workers;

/// <summary>One direction of a pipe in memory: writing never waits, reading waits for bytes or for the end.</summary>
internal sealed class ByteQueue : Stream
{
    private readonly BlockingCollection<byte[]> _pieces = [];
    private ReadOnlyMemory<byte> _rest;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends the stream: a reader gets the remaining bytes, then 0.</summary>
    public void End() => _pieces.CompleteAdding();

    public override int Read(Span<byte> buffer)
    {
        if (_rest.IsEmpty)
        {
            if (!_pieces.TryTake(out byte[]? next, Timeout.Infinite)) return 0;
            _rest = next;
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">The other side has ended the stream.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.IsEmpty) return;
        try
        {
            _pieces.Add(buffer.ToArray());
        }
        catch (InvalidOperationException fault)
        {
            throw new IOException("the other side has ended", fault);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _pieces.Dispose();
        base.Dispose(disposing);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

namespace Enclave.Protocol.Frames;

/// <summary>
/// Splits a stream of bytes into frames. The caller fills <see cref="FreeSpace"/>, calls
/// <see cref="Advance"/> with the number of bytes, and takes frames.
/// </summary>
/// <remarks>The buffer grows with the received bytes, not with the length in a header, and returns to its first size after a large frame.</remarks>
internal sealed class FrameReader(int maxFrameBytes)
{
    private const int InitialBytes = 32 * 1024;

    private byte[] _buffer = FrameMemory.Rent(InitialBytes);
    private int _start;
    private int _end;
    private long _consumed;

    /// <summary>Free space for the next read; at least one byte.</summary>
    public Memory<byte> FreeSpace()
    {
        Trim();
        if (_end == _buffer.Length)
        {
            if (_start > 0) Compact();
            else Resize(Math.Min(_buffer.Length * 2, Math.Max(Announced(), _buffer.Length + InitialBytes)));
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Releases the memory of a large frame if all frames have been read. The last body must not be used afterwards.</summary>
    public void Trim()
    {
        if (_start != _end) return;
        _start = _end = 0;
        if (_buffer.Length > InitialBytes * 4) Resize(InitialBytes);
    }

    /// <summary>Counts bytes that were read into <see cref="FreeSpace"/>.</summary>
    public void Advance(int bytes) => _end += bytes;

    /// <summary>Takes the next complete frame. Its body is valid until <see cref="FreeSpace"/> is called.</summary>
    /// <exception cref="ProtocolException">The header is invalid, or its length is above the limit.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        int available = _end - _start;
        if (available < FrameHeader.Size) return false;
        FrameHeader header = FrameHeader.Read(_buffer.AsSpan(_start), _consumed, maxFrameBytes);
        if (available - FrameHeader.Size < header.Length) return false;
        frame = new Frame(header.Type, _buffer.AsMemory(_start + FrameHeader.Size, header.Length));
        _start += FrameHeader.Size + header.Length;
        _consumed += FrameHeader.Size + header.Length;
        return true;
    }

    /// <summary>Returns the memory. The reader must not be used afterwards.</summary>
    public void Release()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        FrameMemory.Return(buffer);
    }

    /// <summary>The size of the incomplete frame with its header: it needs no more space than that.</summary>
    private int Announced() => FrameHeader.Size + FrameHeader.Read(_buffer.AsSpan(_start), _consumed, maxFrameBytes).Length;

    private void Compact()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }

    private void Resize(int size)
    {
        byte[] next = FrameMemory.Rent(size);
        _buffer.AsSpan(_start, _end - _start).CopyTo(next);
        FrameMemory.Return(_buffer);
        _end -= _start;
        _start = 0;
        _buffer = next;
    }
}

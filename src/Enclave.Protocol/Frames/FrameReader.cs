namespace Enclave.Protocol.Frames;

/// <summary>Cuts a stream of bytes into frames. The caller fills <see cref="FreeSpace"/>, says how much with <see cref="Advance"/>, and takes frames.</summary>
/// <remarks>The buffer grows with what has arrived, never with what a header announces, and goes back to its first size after a large frame.</remarks>
internal sealed class FrameReader(int maxFrameBytes)
{
    private const int InitialBytes = 32 * 1024;

    private byte[] _buffer = FrameMemory.Rent(InitialBytes);
    private int _start;
    private int _end;
    private long _consumed;

    /// <summary>Whether the last frame's body is still read by somebody: <see cref="FreeSpace"/> then leaves that buffer alone and goes on in a new one.</summary>
    public bool Lent { get; set; }

    /// <summary>Room for the next read; at least one byte.</summary>
    public Memory<byte> FreeSpace()
    {
        if (Lent)
        {
            Abandon();
            return _buffer.AsMemory(_end);
        }

        Trim();
        if (_end == _buffer.Length)
        {
            if (_start > 0) Compact();
            else Resize(Math.Min(_buffer.Length * 2, Math.Max(Announced(), _buffer.Length + InitialBytes)));
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Lets go of what a large frame took, if all frames have been read. The last body is not used any more.</summary>
    public void Trim()
    {
        if (_start != _end || Lent) return;
        _start = _end = 0;
        if (_buffer.Length > InitialBytes * 4) Resize(InitialBytes);
    }

    public void Advance(int bytes) => _end += bytes;

    /// <summary>Takes the next whole frame. Its body lasts until <see cref="FreeSpace"/> is called.</summary>
    /// <exception cref="ProtocolException">The header is not one of ours, or announces more than the limit.</exception>
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

    /// <summary>Gives the memory back; the reader is not used again.</summary>
    public void Release()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        FrameMemory.Return(buffer);
    }

    /// <summary>The bytes of the frame that has begun, its header included: no more room than that is needed for it.</summary>
    private int Announced() => FrameHeader.Size + FrameHeader.Read(_buffer.AsSpan(_start), _consumed, maxFrameBytes).Length;

    /// <summary>Goes on in a new buffer and leaves the old one to whoever reads in it, and then to the collector.</summary>
    private void Abandon()
    {
        byte[] next = FrameMemory.Rent(Math.Max(InitialBytes, (_end - _start) * 2));
        _buffer.AsSpan(_start, _end - _start).CopyTo(next);
        _end -= _start;
        _start = 0;
        _buffer = next;
        Lent = false;
    }

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

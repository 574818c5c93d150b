using System.Buffers;

namespace Enclave.Protocol.Frames;

/// <summary>Builds several frames, so that they can be sent in one write.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 4096;
    private const int KeptBytes = 256 * 1024;

    private byte[] _buffer = FrameMemory.Rent(InitialBytes);
    private int _length;
    private int _frameStart = -1;
    private FrameType _frameType;

    /// <summary>The frames built so far. Valid until the buffer changes.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Bytes built so far, those of a frame that has not ended included.</summary>
    public int Length => _length;

    internal void BeginFrame(FrameType type)
    {
        _frameStart = _length;
        _frameType = type;
        GetSpan(FrameHeader.Size);
        _length += FrameHeader.Size;
    }

    /// <summary>Ends the frame that a message began: its header gets the length of the body.</summary>
    public void EndFrame()
    {
        new FrameHeader(_frameType, _length - _frameStart - FrameHeader.Size).Write(_buffer.AsSpan(_frameStart));
        _frameStart = -1;
    }

    /// <summary>Removes all frames; a large buffer is given back.</summary>
    public void Clear()
    {
        _length = 0;
        _frameStart = -1;
        if (_buffer.Length <= KeptBytes) return;
        // Rent first: if that fails, this buffer must not have been returned to the pool already.
        byte[] small = FrameMemory.Rent(InitialBytes);
        FrameMemory.Return(_buffer);
        _buffer = small;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    /// <summary>Returns the memory. The buffer must not be used afterwards.</summary>
    public void Release()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        FrameMemory.Return(buffer);
    }

    private void Reserve(int sizeHint)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_buffer.Length - _length >= needed) return;
        byte[] next = FrameMemory.Rent(checked(Math.Max(_buffer.Length * 2, _length + needed)));
        _buffer.AsSpan(0, _length).CopyTo(next);
        FrameMemory.Return(_buffer);
        _buffer = next;
    }
}

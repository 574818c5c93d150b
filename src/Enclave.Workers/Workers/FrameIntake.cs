using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>The receiving half of a connection: it makes frames of a worker's bytes and passes them to the sink, up to the first fault.</summary>
/// <remarks>One thread at a time uses it, except for <see cref="Close"/> and <see cref="IsClosed"/>.</remarks>
internal sealed class FrameIntake(int maxFrameBytes, IFrameSink sink)
{
    private readonly FrameReader _reader = new(maxFrameBytes);
    private volatile bool _closed;

    /// <summary>True if no further frame is passed on: after a fault, or because the worker's end is all that matters now.</summary>
    public bool IsClosed => _closed;

    /// <summary>True if the sink holds a frame back. No other frame is passed on before <see cref="Resume"/>.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>True if the worker's next bytes can be taken.</summary>
    public bool IsOpen => !_closed && !IsHeldBack;

    /// <summary>The worker has broken a rule outside of its frames: no further frame is passed on.</summary>
    public void Refuse(ProtocolException fault) => Fail(fault);

    /// <summary>Passes no further frame on.</summary>
    public void Close() => _closed = true;

    /// <summary>Room for the worker's next bytes. Empty after a fault.</summary>
    public Memory<byte> FreeSpace()
    {
        try
        {
            return _reader.FreeSpace();
        }
        catch (Exception fault) when (fault is ProtocolException or OutOfMemoryException)
        {
            Fail(fault);
            return default;
        }
    }

    /// <summary>Passes the frames on that are complete with these bytes. False after a fault.</summary>
    /// <param name="received">The number of bytes that were put into <see cref="FreeSpace"/>.</param>
    public bool Take(int received)
    {
        _reader.Advance(received);
        return Handle(resumes: false);
    }

    /// <summary>Passes the frame on that was held back, and those that came after it. False after a fault.</summary>
    public bool Resume() => Handle(resumes: true);

    /// <summary>Returns the memory. The last call.</summary>
    public void Release() => _reader.Release();

    private bool Handle(bool resumes)
    {
        try
        {
            if (resumes) IsHeldBack = !sink.OnResumed();
            while (!_closed && !IsHeldBack && _reader.TryRead(out Frame frame)) IsHeldBack = !sink.OnFrame(frame);
            // The worker may be silent for long now.
            if (!IsHeldBack) _reader.Trim();
            return true;
        }
        catch (Exception fault) when (fault is ProtocolException or OutOfMemoryException)
        {
            Fail(fault);
            return false;
        }
    }

    private void Fail(Exception fault)
    {
        _closed = true;
        if (fault is ProtocolException violation) sink.OnProtocolFault(violation);
        // There is no memory for a large message. Smaller messages of other workers may still find memory, so only this worker ends.
        else sink.OnOutOfMemory();
    }
}

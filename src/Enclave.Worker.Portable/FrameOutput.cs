using System.Text;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>Frames to the host, in order. Many console lines share a frame, and many frames share a write.</summary>
internal sealed class FrameOutput(Stream output)
{
    private const int FlushBytes = 16 << 10;

    private readonly Lock _lock = new();
    private readonly FrameBuffer _frames = new(), _lines = new();
    private int _lineCount;
    private ulong _job;
    private volatile bool _isClosed;

    /// <summary>Drops what is sent from now on.</summary>
    public void Close() => _isClosed = true;

    public void Begin(ulong job)
    {
        lock (_lock) _job = job;
    }

    public void AddLine(int level, ReadOnlySpan<byte> text)
    {
        lock (_lock)
        {
            ConsoleMessage.WriteLine(_lines, level, text);
            _lineCount++;
            if (_lines.Length >= FlushBytes) Flush_NeedsLock();
        }
    }

    public void AddToolCall(uint call, string name, ReadOnlySpan<byte> arguments)
    {
        lock (_lock)
        {
            CloseConsole_NeedsLock();
            ToolCallMessage.Write(_frames, _job, call, Encoding.UTF8.GetBytes(name), arguments);
            if (_frames.Length >= FlushBytes) Flush_NeedsLock();
        }
    }

    /// <summary>Sends everything and this frame.</summary>
    public void Send(Action<FrameBuffer> write)
    {
        lock (_lock)
        {
            CloseConsole_NeedsLock();
            write(_frames);
            Flush_NeedsLock();
        }
    }

    public void Flush()
    {
        lock (_lock) Flush_NeedsLock();
    }

    /// <summary>Sends everything, unless another thread is sending.</summary>
    public void TryFlush()
    {
        if (!_lock.TryEnter()) return;
        try
        {
            Flush_NeedsLock();
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void CloseConsole_NeedsLock()
    {
        if (_lineCount == 0) return;
        ConsoleMessage.Begin(_frames, _job, _lineCount);
        new Protocol.Codec.MessagePackWriter(_frames).WriteRaw(_lines.Written);
        _frames.EndFrame();
        _lines.Clear();
        _lineCount = 0;
    }

    private void Flush_NeedsLock()
    {
        CloseConsole_NeedsLock();
        if (_frames.Length == 0) return;
        try
        {
            if (!_isClosed) output.Write(_frames.Written);
        }
        catch (IOException)
        {
            // The host has ended: the thread that reads finds the end of the input as well.
            Close();
        }

        _frames.Clear();
    }
}

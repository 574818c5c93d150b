using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;
using Enclave.Worker.Pipes;

namespace Enclave.Worker.Jobs;

/// <summary>What a script causes, in order, until it is worth a write: console lines share a frame, frames share a write.</summary>
/// <remarks>Flushed when the script yields or ends, when 16 KB have gathered, and by the watchdog while a script runs on.</remarks>
internal sealed class Outbox(FramePipe pipe)
{
    private const int FlushBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly FrameBuffer _frames = new();
    private readonly FrameBuffer _lines = new();
    private int _lineCount;
    private ulong _jobId;

    /// <summary>Whether what is flushed is thrown away: the warm-up job has nobody to talk to.</summary>
    public bool Silence { get; set; }

    public void Begin(ulong jobId)
    {
        lock (_gate) _jobId = jobId;
    }

    public void AddConsole(int level, ReadOnlySpan<byte> text)
    {
        lock (_gate)
        {
            ConsoleMessage.WriteLine(_lines, level, text);
            _lineCount++;
            if (_lines.Length >= FlushBytes) Flush();
        }
    }

    public void AddToolCall(uint callId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> args)
    {
        lock (_gate)
        {
            CloseConsole();
            ToolCallMessage.Write(_frames, _jobId, callId, name, args);
            if (_frames.Length >= FlushBytes) Flush();
        }
    }

    /// <summary>Adds the last frame of the job and sends all.</summary>
    public void Finish(in ScriptStep step, in RunUsage usage)
    {
        lock (_gate)
        {
            CloseConsole();
            if (step.Status == RunStatus.Stopped) ResultMessage.WriteStopped(_frames, _jobId, step.Reason, step.Where, usage);
            else ResultMessage.Write(_frames, _jobId, step.Status, step.Body, usage);
            Flush();
        }
    }

    public void Send(Action<FrameBuffer> write)
    {
        lock (_gate)
        {
            CloseConsole();
            write(_frames);
            Flush();
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            CloseConsole();
            if (_frames.Length == 0) return;
            if (!Silence) pipe.Write(_frames.Written);
            _frames.Clear();
        }
    }

    private void CloseConsole()
    {
        if (_lineCount == 0) return;
        ConsoleMessage.Begin(_frames, _jobId, _lineCount);
        _lines.Written.CopyTo(_frames.GetSpan(_lines.Length));
        _frames.Advance(_lines.Length);
        _frames.EndFrame();
        _lines.Clear();
        _lineCount = 0;
    }
}

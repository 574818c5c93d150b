using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>Frames from the host. A thread reads them, so that the host's Cancel, Deadline and end are obeyed while script code runs.</summary>
internal sealed class FrameInput(Stream input, ScriptClock clock, FrameOutput output)
{
    // Frames that wait while a script runs: results of its pending calls, of which a host allows 10,000, a cancel and deadlines.
    private const int MaxAhead = 10_500;
    private const int SpareBytes = 1 << 20;

    private readonly object _lock = new();
    private readonly Queue<(FrameType Type, byte[] Body)> _frames = [];
    private long _bytes, _maxBytes;
    private int _earlierCalls;
    private bool _hasEnded, _hasJob;

    /// <summary>Reads one frame of the start, before the thread.</summary>
    public byte[] ReadEarly(FrameType type, int maxBytes)
    {
        byte[] header = new byte[FrameHeader.Size];
        Fill(header);
        FrameHeader read = FrameHeader.Read(header, 0, maxBytes);
        if (read.Type != type) throw ProtocolException.At(0, $"a frame of type {read.Type} in the place of {type}");
        byte[] body = new byte[read.Length];
        Fill(body);
        return body;
    }

    /// <summary>Starts the thread.</summary>
    public void Start(int maxFrameBytes)
    {
        _maxBytes = (long)maxFrameBytes + SpareBytes;
        new Thread(() => Read(new FrameReader(maxFrameBytes))) { IsBackground = true, Name = "frames" }.Start();
    }

    /// <summary>Puts a frame in front of those that the thread will read.</summary>
    public void Inject(FrameType type, byte[] body)
    {
        lock (_lock) _frames.Enqueue((type, body));
    }

    /// <summary>The next frame between jobs.</summary>
    public (FrameType Type, byte[] Body) Next()
    {
        lock (_lock)
        {
            while (true)
            {
                if (TryTake_NeedsLock() is { } frame) return frame;
                Wait_NeedsLock(Timeout.Infinite);
            }
        }
    }

    /// <summary>The next frame of the job; null if its run has ended meanwhile, or none came in this time.</summary>
    public (FrameType Type, byte[] Body)? NextOfJob(double? milliseconds)
    {
        long from = Environment.TickCount64;
        lock (_lock)
        {
            while (true)
            {
                long left = clock.WallLeft;
                if (left <= 0) clock.Stop(StopReason.Deadline);
                if (clock.Reason != StopReason.None) return null;
                if (TryTake_NeedsLock() is { } frame) return frame;
                double timer = milliseconds - (Environment.TickCount64 - from) ?? int.MaxValue;
                if (timer <= 0) return null;
                // Rounded up, so that the deadline has passed when the wait ends.
                Wait_NeedsLock((int)Math.Min((left / 1000) + 1, Math.Min(Math.Ceiling(timer), int.MaxValue)));
            }
        }
    }

    /// <summary>A job begins: handles its frames that arrived after its Execute.</summary>
    /// <param name="earlierCalls">The most calls of a resumed run, whose results it gets at once; 0 for another run.</param>
    public void BeginJob(int earlierCalls)
    {
        lock (_lock)
        {
            (_hasJob, _earlierCalls) = (true, earlierCalls);
            if (_hasEnded && _frames.Count == 0) Ending.Exit(WorkerExit.Orphan);
            foreach ((FrameType type, byte[] body) in _frames)
            {
                if (type is FrameType.Execute or FrameType.Shutdown) break;
                _ = Obey_NeedsLock(type, body);
            }
        }
    }

    public void EndJob()
    {
        lock (_lock) _hasJob = false;
    }

    private (FrameType Type, byte[] Body)? TryTake_NeedsLock()
    {
        if (_frames.TryDequeue(out (FrameType Type, byte[] Body) frame))
        {
            if (_bytes > _maxBytes) Monitor.PulseAll(_lock);
            _bytes -= frame.Body.Length;
            return frame;
        }

        if (_hasEnded) Ending.Exit(WorkerExit.Orphan);
        return null;
    }

    private void Wait_NeedsLock(int milliseconds)
    {
        Ending.LeaveScripts();
        Monitor.Wait(_lock, milliseconds);
        Ending.EnterScripts();
    }

    private void Fill(Span<byte> bytes)
    {
        if (input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) Ending.Exit(WorkerExit.Orphan);
    }

    private void Read(FrameReader reader)
    {
        try
        {
            for (; ; )
            {
                int count = input.Read(reader.FreeSpace().Span);
                if (count == 0) break;
                reader.Advance(count);
                while (reader.TryRead(out Frame frame)) Add(frame.Type, frame.Body.ToArray());
            }

            End();
        }
        catch (ProtocolException fault)
        {
            ExitWhileScriptsRun(WorkerExit.Protocol, fault.Message);
        }
        catch (IOException)
        {
            End();
        }
        catch (OutOfMemoryException)
        {
            ExitWhileScriptsRun(WorkerExit.NativeMemory, "no memory for a frame");
        }
    }

    private void Add(FrameType type, byte[] body)
    {
        // Refused at once: a script that spins may never reach its turn.
        if (!IsForWorker(type)) throw ProtocolException.At(0, $"a frame of type {type}, which no host sends to this worker");
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
            if (_hasJob && Obey_NeedsLock(type, body)) return;
            _frames.Enqueue((type, body));
            _bytes += body.Length;
            if (_hasJob && _frames.Count > MaxAhead + _earlierCalls) throw ProtocolException.At(0, "too many frames while a script runs");
            // The rest waits in the pipe until the script has used this.
            while (_bytes > _maxBytes) Monitor.Wait(_lock);
        }
    }

    /// <summary>True for frames that a host sends after the start. A host parks no run of this worker, because the worker has no checkpoint.</summary>
    private static bool IsForWorker(FrameType type) =>
        type is FrameType.Execute or FrameType.ToolResult or FrameType.Cancel or FrameType.Shutdown or FrameType.Deadline or FrameType.Suspend;

    /// <summary>
    /// Obeys a frame at once. False for a frame that must wait for its turn: a frame with another job's id may be for the next job, whose Execute waits.
    /// </summary>
    private bool Obey_NeedsLock(FrameType type, byte[] body) => type switch
    {
        FrameType.Cancel => clock.TryCancel(CancelMessage.Read(body).JobId),
        FrameType.Deadline => clock.TryUpdateDeadline(DeadlineMessage.Read(body)),
        _ => false,
    };

    private void End()
    {
        bool hasJob;
        lock (_lock)
        {
            _hasEnded = true;
            hasJob = _hasJob;
            Monitor.PulseAll(_lock);
        }

        if (hasJob) ExitWhileScriptsRun(WorkerExit.Orphan, null);
    }

    /// <summary>The script is interrupted, and its further output is dropped.</summary>
    private void ExitWhileScriptsRun(WorkerExit code, string? reason)
    {
        output.Close();
        clock.Stop(StopReason.Cancelled);
        Ending.Exit(code, reason);
    }
}

using System.Runtime.InteropServices;
using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Worker.Pipes;

/// <summary>The two private descriptors to the host. Whoever holds the reading lock may read; writing has a lock of its own.</summary>
/// <remarks>The job's thread reads while it is idle or waits for tools. While script code runs, the watchdog reads, so that a cancel is heeded.</remarks>
internal sealed unsafe class FramePipe
{
    /// <summary>Where frames from the host arrive.</summary>
    public const int InDescriptor = 3;

    private const int Out = 4;

    /// <summary>Frames read ahead while a script runs: its pending tool results and a cancel. A host that sends more breaks the protocol.</summary>
    private const int MaxAhead = 2048;

    /// <summary>Microseconds. Two wake-ups of sleeping cores take about 40: when the last answer came within this, the next is waited for awake.</summary>
    private const long Brief = 60;

    private static readonly bool s_hasCores = Environment.ProcessorCount > 1;

    private readonly Lock _reading = new();
    private readonly Lock _writing = new();
    private readonly Queue<OwnedFrame> _ahead = new();
    private FrameReader _frames = new(64 * 1024);
    private bool _isBrief;

    /// <summary>Sets the largest body that the host may send; before the hello it is 64 KB.</summary>
    public void SetLimit(int maxFrameBytes)
    {
        lock (_reading)
        {
            _frames.Release();
            _frames = new FrameReader(maxFrameBytes);
        }
    }

    /// <summary>The next frame, or none when <paramref name="deadline"/> (monotonic microseconds, 0 for none) comes first. Null at the end of the pipe.</summary>
    public OwnedFrame? Read(long deadline, out bool timedOut)
    {
        timedOut = false;
        lock (_reading) _frames.Lent = false;
        while (true)
        {
            lock (_reading)
            {
                if (_ahead.TryDequeue(out OwnedFrame queued)) return queued;
                if (_frames.TryRead(out Frame frame))
                {
                    // The script may run on this body while the watchdog reads on.
                    _frames.Lent = true;
                    return new OwnedFrame(frame.Type, frame.Body);
                }
            }

            if (deadline != 0 && !WaitForAnswer(deadline))
            {
                timedOut = true;
                return null;
            }

            if (!Fill()) return null;
        }
    }

    /// <summary>Puts a frame in front, as if the host had sent it: the warm-up's answers.</summary>
    public void Inject(OwnedFrame frame)
    {
        lock (_reading) _ahead.Enqueue(frame);
    }

    /// <summary>Called by the watchdog while a script runs: takes what is there and keeps it. False at the end of the pipe.</summary>
    public bool ReadAhead(Action<Frame> look)
    {
        lock (_reading)
        {
            // The job's thread may have read what woke the watchdog before it went into the script; a read would then block with the locks held.
            if (IsReadable() && !Fill()) return false;
            while (_frames.TryRead(out Frame frame))
            {
                look(frame);
                // It counts from its arrival: heeded a second time, later, it would give the run more than the host does.
                if (frame.Type == FrameType.Deadline) continue;
                if (_ahead.Count >= MaxAhead) throw ProtocolException.At(0, $"{MaxAhead} frames while a script runs");
                _ahead.Enqueue(new OwnedFrame(frame.Type, frame.Body.ToArray()));
            }
        }

        return true;
    }

    /// <summary>Writes whole frames. Blocks while the host does not read: the host has a deadline for that.</summary>
    public void Write(ReadOnlySpan<byte> frames)
    {
        lock (_writing)
        {
            fixed (byte* start = frames)
            {
                for (int done = 0; done < frames.Length;)
                {
                    nint n = Libc.write(Out, start + done, frames.Length - done);
                    if (n < 0 && Marshal.GetLastPInvokeError() != Libc.ErrorInterrupted) Libc._exit((int)ExitCode.Orphan);
                    if (n > 0) done += (int)n;
                }
            }
        }
    }

    private bool Fill()
    {
        lock (_reading)
        {
            Memory<byte> free = _frames.FreeSpace();
            nint n;
            fixed (byte* at = free.Span)
            {
                do n = Libc.read(InDescriptor, at, free.Length);
                while (n < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted);
            }

            if (n <= 0) return false;
            _frames.Advance((int)n);
            return true;
        }
    }

    private static bool IsReadable()
    {
        var fd = new Libc.PollFd { Fd = InDescriptor, Events = Libc.PollIn };
        return Libc.poll(&fd, 1, 0) > 0;
    }

    private bool WaitForAnswer(long deadline)
    {
        long start = Libc.Microseconds(Libc.ClockMonotonic);
        bool came = (_isBrief && ComesBy(start + Brief)) || WaitReadable(deadline);
        _isBrief = s_hasCores && Libc.Microseconds(Libc.ClockMonotonic) - start < Brief;
        return came;
    }

    /// <summary>Looks again and again, without sleeping.</summary>
    private static bool ComesBy(long time)
    {
        do
        {
            if (IsReadable()) return true;
        }
        while (Libc.Microseconds(Libc.ClockMonotonic) < time);

        return false;
    }

    private static bool WaitReadable(long deadline)
    {
        var fd = new Libc.PollFd { Fd = InDescriptor, Events = Libc.PollIn };
        while (true)
        {
            long left = deadline - Libc.Microseconds(Libc.ClockMonotonic);
            if (left <= 0) return false;
            int ready = Libc.poll(&fd, 1, (int)Math.Min((left + 999) / 1000, int.MaxValue));
            if (ready > 0) return true;
        }
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>The pipes between the host and one worker: frames in, frames out, the log, and the process's end.</summary>
/// <remarks>
/// One of the <see cref="ReaderThreads"/> serves it at a time, when something is ready. Nothing here waits: bytes that the pipe does not take are kept in a
/// bounded backlog. The thread also runs the application's part of a frame, because waking another thread costs more than most of those parts take; others
/// may serve the connection meanwhile.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class WorkerConnection : IWorkerConnection
{
    /// <summary>
    /// How long bubblewrap may take to report a worker that is to be killed, or to end with one, before it is continued again, in milliseconds.
    /// </summary>
    private const int JailPatience = 100;

    /// <summary>The most bytes of a worker's log in its life. An honest one writes some when it dies; reading more costs the host a core.</summary>
    private const long MaxLogBytes = 4 << 20;

    private readonly ChildProcess _process;
    private readonly Confinement? _confinement;
    private readonly IFrameSink _sink;
    private readonly FrameIntake _intake;
    private readonly StderrRing _log = new();
    private readonly Lock _sending = new();
    private readonly FrameBuffer _out = new();
    private readonly FrameBacklog _backlog;
    private readonly EventPoll _ready = new();
    private readonly int _wake;
    private volatile bool _resumed;
    private bool _closed;
    // Only the serving thread uses the following fields.
    private ReadySigns _watched;
    private IFrameWork? _after;
    private Timer? _reminder;
    private long _logged;
    private bool _left;
    private bool _ended;

    public WorkerConnection(ChildProcess process, Confinement? confinement, int maxFrameBytes, IFrameSink sink)
    {
        (_process, _confinement, _sink) = (process, confinement, sink);
        _intake = new FrameIntake(maxFrameBytes, sink);
        _backlog = new FrameBacklog(maxFrameBytes);
        _wake = Libc.eventfd(0, Libc.CloseOnExec | Libc.NonBlocking);
        if (_wake >= 0) return;
        _ready.Close();
        throw new IOException("eventfd failed: the process has no free descriptor");
    }

    public void Start()
    {
        Watch();
        ReaderThreads.Add(_ready.Descriptor, this);
    }

    /// <summary>
    /// Registers the application's part of a frame. The serving thread runs it after the present frames are handled, or another one does. Call it while a
    /// frame is handled.
    /// </summary>
    public void AfterFrames(IFrameWork work)
    {
        // If there are several, this thread runs the last one, so that the others do not wait for one another.
        _after?.RunElsewhere();
        _after = work;
    }

    /// <summary>Resumes the frame that was held back. From any thread.</summary>
    public void Resume()
    {
        _resumed = true;
        Poke();
    }

    /// <summary>Drops all further messages of the worker. Only its end matters now.</summary>
    public void StopListening() => _intake.Close();

    /// <summary>Sends SIGKILL. If bubblewrap has not reported the process yet, the thread does it later.</summary>
    public void Kill()
    {
        _process.Kill();
        if (_process.IsDoomed) Poke();
    }

    /// <summary>Sends frames, at once if the pipe takes them.</summary>
    public void Send(Action<FrameBuffer> write)
    {
        if (!TrySend(write, null, out _)) _sink.OnProtocolFault(NotReading());
    }

    /// <summary>The fault of a worker for which <see cref="TrySend"/> failed.</summary>
    public ProtocolException NotReading() => _backlog.NotReading();

    /// <summary>As <see cref="Send"/>, for callers with a lock. False if too much is waiting; then nothing is sent.</summary>
    public bool TrySend(Action<FrameBuffer> write, IFrameMemory? memory, out long length)
    {
        bool overdrawn = false;
        length = 0;
        lock (_sending)
        {
            if (_closed) return true;
            int sent = 0;
            try
            {
                write(_out);
                ReadOnlySpan<byte> frames = _out.Written;
                length = frames.Length;
                sent = !_backlog.IsEmpty || _intake.IsClosed ? 0 : WriteSome(frames);
                if (sent < length && !_intake.IsClosed) overdrawn = !_backlog.TryAdd(frames[sent..], memory);
            }
            catch (OutOfMemoryException) when (sent > 0)
            {
                // The worker has half a frame, and can take no other.
                _intake.Close();
                _process.Kill();
                throw;
            }
            finally
            {
                // Half a frame in the buffer would break the next frame, which may belong to another job.
                _out.Clear();
            }

            if (!_backlog.IsEmpty) Wake();
        }

        return !overdrawn;
    }

    public void SendShared(ReadOnlyMemory<byte> frames, IFrameMemory? memory)
    {
        lock (_sending)
        {
            if (_closed || _intake.IsClosed) return;
            int sent = _backlog.IsEmpty ? WriteSome(frames.Span) : 0;
            if (sent == frames.Length) return;
            _backlog.AddShared(frames[sent..], memory);
            Wake();
        }
    }

    /// <summary>Handles what has happened. Called by one thread at a time.</summary>
    public void Serve()
    {
        ReadySigns signs = ReadySigns.None;
        Span<int> ready = stackalloc int[8];
        int count = _ready.Wait(ready, 0);
        foreach (int sign in ready[..count]) signs |= (ReadySigns)sign;
        if (signs.HasFlag(ReadySigns.Output) && _intake.IsOpen) Receive();
        if (signs.HasFlag(ReadySigns.Log) && DrainLog() && _logged > MaxLogBytes && !_intake.IsClosed)
            _intake.Refuse(ProtocolException.At(0, $"more than {MaxLogBytes} bytes in its log"));
        if (signs.HasFlag(ReadySigns.Wake)) ClearWake();
        if (_resumed) GoOn();
        if (signs.HasFlag(ReadySigns.Input)) SendBacklog();
        if (signs.HasFlag(ReadySigns.Info)) EnterGroup();
        _left |= signs.HasFlag(ReadySigns.Inner);
        _ended |= signs.HasFlag(ReadySigns.End);
        if (_ended && _process.TryReap(out ProcessExit exit))
        {
            Finish(exit);
            return;
        }

        if (_ended || _left || _process.IsDoomed) HurryEnd();
        IFrameWork? work = Interlocked.Exchange(ref _after, null);
        bool lends = work is not null && !_intake.IsClosed && !ReaderThreads.AreScarce;
        if (!lends) work?.RunElsewhere();
        Watch();
        // From here on another thread may serve it.
        ReaderThreads.Rearm(_ready.Descriptor);
        if (lends) ReaderThreads.Lend(work!);
    }

    /// <summary>Ends the worker, because <see cref="Serve"/> failed. Called by the thread that serves it.</summary>
    public void Abandon()
    {
        _intake.Close();
        _process.Kill();
        lock (_sending)
        {
            if (_closed) return;
        }

        Watch();
        ReaderThreads.Rearm(_ready.Descriptor);
    }

    /// <summary>The process has ended, and is reaped.</summary>
    private void Finish(ProcessExit exit)
    {
        _process.EndInner();
        // Messages that the worker wrote before its death still count, because a result may be among them. Messages behind a call that waits for memory do not.
        while (_intake.IsOpen && Receive())
        {
        }

        // The end of its log has the reason; the pipe holds no more than this.
        for (int i = 0; i < 64 && DrainLog(); i++)
        {
        }

        Close();
        _after?.RunElsewhere();
        _sink.OnExit(exit, _log.ToString());
    }

    /// <summary>
    /// A part of the jail has ended, or is to be killed: the rest is continued until it ends too, because it may have been stopped by a signal.
    /// </summary>
    private void HurryEnd()
    {
        _process.Continue();
        _reminder ??= new Timer(static (connection) => ((WorkerConnection)connection!).Poke(), this, JailPatience, JailPatience);
    }

    /// <summary>Chooses the descriptors that are of interest now.</summary>
    private void Watch()
    {
        bool hasBacklog;
        lock (_sending) hasBacklog = !_backlog.IsEmpty;
        Watch(ReadySigns.Output, _process.Stdout, EventPoll.In, _intake.IsOpen);
        Watch(ReadySigns.End, _process.PidFd, EventPoll.In, !_ended);
        Watch(ReadySigns.Log, _process.Stderr, EventPoll.In, _process.Stderr >= 0);
        Watch(ReadySigns.Wake, _wake, EventPoll.In, true);
        Watch(ReadySigns.Input, _process.Stdin, EventPoll.Out, hasBacklog && !_intake.IsClosed);
        Watch(ReadySigns.Inner, _process.InnerFd, EventPoll.In, _process.InnerFd >= 0 && !_left);
        Watch(ReadySigns.Info, _process.Info, EventPoll.In, _process.Info >= 0);
    }

    /// <summary>Removes a descriptor while none of its events are wanted: the kernel always reports errors and ends of members.</summary>
    private void Watch(ReadySigns sign, int descriptor, uint events, bool wanted)
    {
        if (wanted == _watched.HasFlag(sign)) return;
        _watched ^= sign;
        if (wanted) _ready.Add(descriptor, events, (int)sign);
        else _ready.Remove(descriptor);
    }

    /// <summary>Bubblewrap reported the jail's first process: processes that it creates from now on are in its group, and earlier ones follow.</summary>
    private void EnterGroup()
    {
        bool whole = _process.Meet();
        if (_process.InnerFd < 0) return;
        _confinement?.EnterGroup(_process.Pid);
        if (whole || _process.Meet()) _confinement?.Follow(_process);
    }

    /// <summary>Reads once and handles whole frames. Returns true if more may come.</summary>
    private bool Receive()
    {
        Memory<byte> free = _intake.FreeSpace();
        if (free.IsEmpty) return false;
        nint n;
        fixed (byte* at = free.Span) n = Libc.read(_process.Stdout, at, free.Length);
        if (n > 0) return _intake.Take((int)n);
        if (n < 0 && Marshal.GetLastPInvokeError() is Libc.ErrorAgain or Libc.ErrorInterrupted) return false;
        // The worker's end of the pipe is closed. A dead worker is the usual cause, and a kill does it no harm. A live worker that closes it is not honest.
        _intake.Close();
        _process.Kill();
        return false;
    }

    /// <summary>Handles the frame that was held back, and those that came after it.</summary>
    private void GoOn()
    {
        _resumed = false;
        if (_intake.IsHeldBack && !_intake.IsClosed) _intake.Resume();
    }

    /// <summary>Reads once. Returns true if more may be there.</summary>
    private bool DrainLog()
    {
        byte* buffer = stackalloc byte[4096];
        // Once per wake-up: a flood must not keep this thread from the frames and the pidfd.
        nint n = Libc.read(_process.Stderr, buffer, 4096);
        if (n > 0)
        {
            _log.Append(new ReadOnlySpan<byte>(buffer, (int)n));
            _logged += n;
        }
        else if (n == 0) _process.CloseStderr();

        return n > 0;
    }

    private int WriteSome(ReadOnlySpan<byte> bytes)
    {
        int sent = 0;
        fixed (byte* start = bytes)
        {
            while (sent < bytes.Length)
            {
                nint n = Libc.write(_process.Stdin, start + sent, bytes.Length - sent);
                // EAGAIN waits for room, EPIPE for the pidfd: poll continues in both cases.
                if (n <= 0) break;
                sent += (int)n;
            }
        }

        return sent;
    }

    private void SendBacklog()
    {
        var taken = new List<IFrameMemory?>();
        lock (_sending)
        {
            while (!_backlog.IsEmpty)
            {
                ReadOnlyMemory<byte> next = _backlog.Next;
                int sent = WriteSome(next.Span);
                taken.Add(_backlog.Sent(sent));
                if (sent == next.Length) continue;
                // A broken pipe takes nothing more. The process's end follows.
                if (sent == 0 && Marshal.GetLastPInvokeError() != Libc.ErrorAgain) taken.AddRange(_backlog.Clear());
                break;
            }
        }

        Release(taken);
    }

    /// <summary>Call it without the lock, so that other connections are not blocked.</summary>
    private static void Release(IReadOnlyList<IFrameMemory?> held)
    {
        foreach (IFrameMemory? memory in held) memory?.Release();
    }

    /// <summary>Has the connection served soon. From any thread.</summary>
    public void Poke()
    {
        lock (_sending)
        {
            if (!_closed) Wake();
        }
    }

    private void Wake()
    {
        ulong one = 1;
        _ = Libc.write(_wake, (byte*)&one, sizeof(ulong));
    }

    private void ClearWake()
    {
        ulong count;
        _ = Libc.read(_wake, (byte*)&count, sizeof(ulong));
    }

    private void Close()
    {
        IFrameMemory?[] dropped;
        lock (_sending)
        {
            _closed = true;
            dropped = _backlog.Clear();
            _out.Release();
            ReaderThreads.Remove(_ready.Descriptor);
            _ready.Close();
            _ = Libc.close(_wake);
            _reminder?.Dispose();
            _process.Close();
        }

        Release(dropped);
        _intake.Release();
    }
}

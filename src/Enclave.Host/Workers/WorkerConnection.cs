using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Enclave.Isolation;
using Enclave.Limits;
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

    private readonly ChildProcess _process;
    private readonly Confinement? _confinement;
    private readonly IFrameSink _sink;
    private readonly FrameReader _reader;
    private readonly StderrRing _log = new();
    private readonly Lock _sending = new();
    private readonly FrameBuffer _out = new();
    private readonly Queue<Unsent> _backlog = new();
    private readonly long _maxBacklog;
    private readonly EventPoll _ready = new();
    private readonly int _wake;
    private long _backlogBytes;
    private int _backlogOffset;
    private volatile bool _deaf;
    private volatile bool _resumed;
    private bool _closed;
    // Only the serving thread uses the following ones.
    private ReadySigns _watched;
    private IThreadPoolWorkItem? _after;
    private Timer? _reminder;
    private bool _heldBack;
    private bool _left;
    private bool _ended;

    public WorkerConnection(ChildProcess process, Confinement? confinement, int maxFrameBytes, IFrameSink sink)
    {
        (_process, _confinement, _sink) = (process, confinement, sink);
        _reader = new FrameReader(maxFrameBytes);
        _maxBacklog = 4L * maxFrameBytes;
        _wake = Libc.eventfd(0, Libc.CloseOnExec | Libc.NonBlocking);
    }

    public void Start()
    {
        Watch();
        ReaderThreads.Add(_ready.Descriptor, this);
    }

    /// <summary>
    /// Registers the application's part of a frame. The serving thread runs it after the present frames are handled, or the thread pool does. Call it while a
    /// frame is handled.
    /// </summary>
    public void AfterFrames(IThreadPoolWorkItem work)
    {
        // If there are several, this thread runs the last one, so that the others do not wait for one another.
        if (_after is { } earlier) ThreadPool.UnsafeQueueUserWorkItem(earlier, preferLocal: false);
        _after = work;
    }

    /// <summary>Resumes the frame that was held back. From any thread.</summary>
    public void Resume()
    {
        _resumed = true;
        Poke();
    }

    /// <summary>Drops all further messages of the worker. Only its end matters now.</summary>
    public void StopListening() => _deaf = true;

    /// <summary>Sends SIGKILL. If bubblewrap has not reported the process yet, the thread does it later.</summary>
    public void Kill()
    {
        _process.Kill();
        if (_process.IsDoomed) Poke();
    }

    /// <summary>Sends frames, at once if the pipe takes them.</summary>
    public void Send(Action<FrameBuffer> write)
    {
        if (!TrySend(write, HeldMemory.None, out _)) _sink.OnProtocolFault(NotReading());
    }

    /// <summary>The fault of a worker for which <see cref="TrySend"/> failed.</summary>
    public ProtocolException NotReading() => ProtocolException.At(0, $"the worker does not read: {_maxBacklog >> 20} MB wait for it");

    /// <summary>As <see cref="Send"/>, for callers with a lock. False if too much is waiting; then nothing is sent.</summary>
    public bool TrySend(Action<FrameBuffer> write, HeldMemory memory, out long length)
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
                sent = _backlog.Count > 0 || _deaf ? 0 : WriteSome(frames);
                if (sent < length && !_deaf)
                {
                    overdrawn = _backlogBytes + (length - sent) > _maxBacklog;
                    if (!overdrawn)
                    {
                        byte[] unsent = frames[sent..].ToArray();
                        memory.Retain();
                        _backlog.Enqueue(new Unsent(unsent, memory, Counted: length - sent));
                        _backlogBytes += length - sent;
                    }
                }
            }
            catch (OutOfMemoryException) when (sent > 0)
            {
                // The worker has half a frame, and can take no other.
                _deaf = true;
                _process.Kill();
                throw;
            }
            finally
            {
                // Half a frame that stayed here would break the next one, which may be another job's.
                _out.Clear();
            }

            if (_backlog.Count > 0) Wake();
        }

        return !overdrawn;
    }

    public void SendShared(ReadOnlyMemory<byte> frames)
    {
        lock (_sending)
        {
            if (_closed || _deaf) return;
            int sent = _backlog.Count > 0 ? 0 : WriteSome(frames.Span);
            if (sent == frames.Length) return;
            _backlog.Enqueue(new Unsent(frames[sent..], HeldMemory.None, Counted: 0));
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
        if (signs.HasFlag(ReadySigns.Output) && !_deaf && !_heldBack) Receive();
        if (signs.HasFlag(ReadySigns.Log)) DrainLog();
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
        IThreadPoolWorkItem? work = Interlocked.Exchange(ref _after, null);
        bool lends = work is not null && !_deaf && !ReaderThreads.AreScarce;
        if (work is not null && !lends) ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        Watch();
        // From here on another thread may serve it.
        ReaderThreads.Rearm(_ready.Descriptor);
        if (lends) ReaderThreads.Lend(work!);
    }

    /// <summary>The process has ended, and is reaped.</summary>
    private void Finish(ProcessExit exit)
    {
        _process.EndInner();
        // Messages written before its death still count: a result may have crossed it. But not behind a call that waits for memory.
        while (!_deaf && !_heldBack && Receive())
        {
        }

        // The end of its log has the reason; the pipe holds no more than this.
        for (int i = 0; i < 64 && DrainLog(); i++)
        {
        }

        Close();
        if (_after is not null) ThreadPool.UnsafeQueueUserWorkItem(_after, preferLocal: false);
        _sink.OnExit(exit, _log.ToString());
    }

    /// <summary>A part of the jail has ended, or is to be killed: the rest is continued until it ends too, in case somebody has stopped it.</summary>
    private void HurryEnd()
    {
        _process.Continue();
        _reminder ??= new Timer(static (connection) => ((WorkerConnection)connection!).Poke(), this, JailPatience, JailPatience);
    }

    /// <summary>Chooses the descriptors that are of interest now.</summary>
    private void Watch()
    {
        bool hasBacklog;
        lock (_sending) hasBacklog = _backlog.Count > 0;
        Watch(ReadySigns.Output, _process.Stdout, EventPoll.In, !_deaf && !_heldBack);
        Watch(ReadySigns.End, _process.PidFd, EventPoll.In, !_ended);
        Watch(ReadySigns.Log, _process.Stderr, EventPoll.In, _process.Stderr >= 0);
        Watch(ReadySigns.Wake, _wake, EventPoll.In, true);
        Watch(ReadySigns.Input, _process.Stdin, EventPoll.Out, hasBacklog && !_deaf);
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
        if (whole || _process.Meet()) _confinement?.Follow(_process.Pid);
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
        List<HeldMemory>? taken = null;
        lock (_sending)
        {
            while (_backlog.TryPeek(out Unsent next))
            {
                int sent = WriteSome(next.Bytes.Span[_backlogOffset..]);
                _backlogOffset += sent;
                if (next.Counted > 0) _backlogBytes -= sent;
                if (_backlogOffset < next.Bytes.Length)
                {
                    // A broken pipe takes nothing more. The process's end follows.
                    if (sent == 0 && Marshal.GetLastPInvokeError() != Libc.ErrorAgain) DropBacklog(ref taken);
                    break;
                }

                _backlog.Dequeue();
                _backlogOffset = 0;
                (taken ??= []).Add(next.Memory);
            }
        }

        Release(taken);
    }

    private void DropBacklog(ref List<HeldMemory>? dropped)
    {
        foreach (Unsent unsent in _backlog) (dropped ??= []).Add(unsent.Memory);
        _backlog.Clear();
        _backlogOffset = 0;
        _backlogBytes = 0;
    }

    /// <summary>Outside the lock, so that other connections continue.</summary>
    private static void Release(List<HeldMemory>? held)
    {
        foreach (HeldMemory memory in held ?? []) memory.Release();
    }

    private readonly record struct Unsent(ReadOnlyMemory<byte> Bytes, HeldMemory Memory, long Counted);

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
        List<HeldMemory>? dropped = null;
        lock (_sending)
        {
            _closed = true;
            DropBacklog(ref dropped);
            _out.Release();
            ReaderThreads.Remove(_ready.Descriptor);
            _ready.Close();
            _ = Libc.close(_wake);
            _reminder?.Dispose();
            _process.Close();
        }

        Release(dropped);
        _reader.Release();
    }
}

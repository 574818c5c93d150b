using Enclave.Limits;
using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>Frames to and from a worker over streams: one thread reads and one writes, so that a worker that does not read blocks no caller.</summary>
internal sealed class StreamedConnection : IWorkerConnection
{
    private readonly IStreamedWorker _worker;
    private readonly IFrameSink _sink;
    private readonly FrameReader _reader;
    private readonly object _sending = new();
    private readonly FrameBuffer _out = new();
    private readonly Queue<Unsent> _backlog = new();
    private readonly long _maxBacklog;
    private IThreadPoolWorkItem? _after;
    private volatile bool _deaf;
    private long _backlogBytes;
    private bool _closed;
    private bool _resumed;

    public StreamedConnection(IStreamedWorker worker, int maxFrameBytes, IFrameSink sink)
    {
        (_worker, _sink) = (worker, sink);
        _reader = new FrameReader(maxFrameBytes);
        _maxBacklog = 4L * maxFrameBytes;
    }

    public void Start()
    {
        new Thread(Listen) { IsBackground = true, Name = "enclave-connection" }.Start();
        new Thread(SendAll) { IsBackground = true, Name = "enclave-sender" }.Start();
        _worker.Start();
    }

    /// <summary>Runs the application's part of a frame on the thread pool: the listening thread has to see the worker's end.</summary>
    public void AfterFrames(IThreadPoolWorkItem work)
    {
        DoAfter();
        _after = work;
    }

    public void Resume()
    {
        lock (_sending)
        {
            _resumed = true;
            Monitor.PulseAll(_sending);
        }
    }

    public void StopListening()
    {
        _deaf = true;
        Resume();
    }

    public void Kill()
    {
        _worker.Kill();
        Resume();
    }

    public void Send(Action<FrameBuffer> write)
    {
        if (!TrySend(write, HeldMemory.None, out _)) _sink.OnProtocolFault(NotReading());
    }

    public bool TrySend(Action<FrameBuffer> write, HeldMemory memory, out long length)
    {
        length = 0;
        lock (_sending)
        {
            if (_closed || _deaf) return true;
            try
            {
                write(_out);
                length = _out.Length;
                if (_backlogBytes + length > _maxBacklog) return false;
                byte[] frames = _out.Written.ToArray();
                memory.Retain();
                Add(new Unsent(frames, memory, frames.Length));
            }
            finally
            {
                _out.Clear();
            }
        }

        return true;
    }

    public void SendShared(ReadOnlyMemory<byte> frames)
    {
        lock (_sending)
        {
            if (!_closed && !_deaf) Add(new Unsent(frames, HeldMemory.None, Counted: 0));
        }
    }

    public ProtocolException NotReading() => ProtocolException.At(0, $"the worker does not read: {_maxBacklog >> 20} MB wait for it");

    private void Add(in Unsent unsent)
    {
        _backlog.Enqueue(unsent);
        _backlogBytes += unsent.Counted;
        Monitor.PulseAll(_sending);
    }

    private void SendAll()
    {
        while (Next() is { } next)
        {
            try
            {
                _worker.ToWorker.Write(next.Bytes.Span);
                _worker.ToWorker.Flush();
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException)
            {
                // The worker has ended, and the listening thread is about to report it.
            }

            lock (_sending) _backlogBytes -= next.Counted;
            // Outside the lock, so that other connections continue.
            next.Memory.Release();
        }
    }

    /// <summary>Waits for frames to send. Null after the worker's end.</summary>
    private Unsent? Next()
    {
        lock (_sending)
        {
            while (_backlog.Count == 0 && !_closed) Monitor.Wait(_sending);
            return _closed ? null : _backlog.Dequeue();
        }
    }

    private void Listen()
    {
        try
        {
            int count;
            while ((count = _worker.FromWorker.Read(_reader.FreeSpace().Span)) > 0)
            {
                // The bytes of a worker that nobody listens to are overwritten by the next ones, up to its end.
                if (_deaf) continue;
                _reader.Advance(count);
                while (!_deaf && _reader.TryRead(out Frame frame)) Handle(frame);
                DoAfter();
                _reader.Trim();
            }
        }
        catch (ProtocolException fault)
        {
            _deaf = true;
            _sink.OnProtocolFault(fault);
        }
        catch (OutOfMemoryException)
        {
            _deaf = true;
            _sink.OnOutOfMemory();
        }
        catch (IOException)
        {
            // Its pipe broke with its end.
        }

        DoAfter();
        ProcessExit exit = _worker.End(out string log);
        Close();
        _sink.OnExit(exit, log);
    }

    /// <summary>Handles a frame, and waits while it is held back.</summary>
    private void Handle(in Frame frame)
    {
        for (bool handled = _sink.OnFrame(frame); !handled && !_deaf; handled = _sink.OnResumed())
        {
            // The application's own code may make room.
            DoAfter();
            lock (_sending)
            {
                while (!_resumed) Monitor.Wait(_sending);
                _resumed = false;
            }
        }
    }

    private void DoAfter()
    {
        if (_after is { } work) ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        _after = null;
    }

    private void Close()
    {
        Unsent[] dropped;
        lock (_sending)
        {
            _closed = true;
            dropped = [.. _backlog];
            _backlog.Clear();
            _out.Release();
            Monitor.PulseAll(_sending);
        }

        foreach (Unsent unsent in dropped) unsent.Memory.Release();
        _reader.Release();
    }

    private readonly record struct Unsent(ReadOnlyMemory<byte> Bytes, HeldMemory Memory, int Counted);
}

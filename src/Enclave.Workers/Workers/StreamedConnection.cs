using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>Frames to and from a worker over streams: one thread reads and one writes, so that a worker that does not read blocks no caller.</summary>
internal sealed class StreamedConnection : IWorkerConnection
{
    private readonly IStreamedWorker _worker;
    private readonly IFrameSink _sink;
    private readonly FrameIntake _intake;
    private readonly object _sending = new();
    private readonly FrameBuffer _out = new();
    private readonly FrameBacklog _backlog;
    private IFrameWork? _after;
    private bool _closed;
    private bool _resumed;

    public StreamedConnection(IStreamedWorker worker, int maxFrameBytes, IFrameSink sink)
    {
        (_worker, _sink) = (worker, sink);
        _intake = new FrameIntake(maxFrameBytes, sink);
        _backlog = new FrameBacklog(maxFrameBytes);
    }

    public void Start()
    {
        // Start before the end can be noticed, because a worker may end at once.
        _worker.Start();
        new Thread(Listen) { IsBackground = true, Name = "enclave-connection" }.Start();
        new Thread(SendAll) { IsBackground = true, Name = "enclave-sender" }.Start();
    }

    /// <summary>Runs the application's part of a frame on another thread: the listening thread has to see the worker's end.</summary>
    public void AfterFrames(IFrameWork work)
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
        _intake.Close();
        Resume();
    }

    public void Kill()
    {
        _worker.Kill();
        Resume();
    }

    public void Send(Action<FrameBuffer> write)
    {
        if (!TrySend(write, null, out _)) _sink.OnProtocolFault(NotReading());
    }

    public bool TrySend(Action<FrameBuffer> write, IFrameMemory? memory, out long length)
    {
        length = 0;
        lock (_sending)
        {
            if (_closed || _intake.IsClosed) return true;
            try
            {
                write(_out);
                length = _out.Length;
                if (!_backlog.TryAdd(_out.Written, memory)) return false;
                Monitor.PulseAll(_sending);
            }
            finally
            {
                _out.Clear();
            }
        }

        return true;
    }

    public void SendShared(ReadOnlyMemory<byte> frames, IFrameMemory? memory)
    {
        lock (_sending)
        {
            if (_closed || _intake.IsClosed) return;
            _backlog.AddShared(frames, memory);
            Monitor.PulseAll(_sending);
        }
    }

    public ProtocolException NotReading() => _backlog.NotReading();

    private void SendAll()
    {
        while (TryNext(out ReadOnlyMemory<byte> next))
        {
            try
            {
                _worker.ToWorker.Write(next.Span);
                _worker.ToWorker.Flush();
            }
            catch (Exception fault) when (fault is IOException or ObjectDisposedException)
            {
                // The worker has ended, and the listening thread is about to report it.
            }

            IFrameMemory? memory;
            lock (_sending) memory = _backlog.Sent(next.Length);
            memory?.Release();
        }
    }

    /// <summary>Waits for frames to send. False after the worker's end.</summary>
    private bool TryNext(out ReadOnlyMemory<byte> next)
    {
        lock (_sending)
        {
            while (_backlog.IsEmpty && !_closed) Monitor.Wait(_sending);
            next = _backlog.Next;
            return !_closed;
        }
    }

    private void Listen()
    {
        try
        {
            Memory<byte> free;
            int count;
            while ((free = _intake.FreeSpace()).Length > 0 && (count = _worker.FromWorker.Read(free.Span)) > 0)
            {
                // The intake is closed: each read overwrites the bytes of the last one, up to the worker's end.
                if (_intake.IsClosed) continue;
                if (!Handle(count)) break;
                DoAfter();
            }
        }
        catch (IOException)
        {
            // The pipe broke because the worker ended.
        }

        DoAfter();
        ProcessExit exit = _worker.End(out string log);
        Close();
        _sink.OnExit(exit, log);
    }

    /// <summary>Handles the frames of these bytes, and waits while one is held back. False after a fault.</summary>
    private bool Handle(int count)
    {
        bool goesOn = _intake.Take(count);
        while (goesOn && _intake.IsHeldBack && !_intake.IsClosed)
        {
            // The application's own code may make room.
            DoAfter();
            lock (_sending)
            {
                while (!_resumed) Monitor.Wait(_sending);
                _resumed = false;
            }

            goesOn = _intake.Resume();
        }

        return goesOn;
    }

    private void DoAfter()
    {
        _after?.RunElsewhere();
        _after = null;
    }

    private void Close()
    {
        IFrameMemory?[] dropped;
        lock (_sending)
        {
            _closed = true;
            dropped = _backlog.Clear();
            _out.Release();
            Monitor.PulseAll(_sending);
        }

        foreach (IFrameMemory? memory in dropped) memory?.Release();
        _intake.Release();
    }
}

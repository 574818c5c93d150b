using System.Buffers;
using Enclave.Limits;
using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Workers;

namespace Enclave.Testing.Workers;

/// <summary>Frames to and from a simulated worker. A thread reads its frames; the application's code runs on the thread pool.</summary>
#pragma warning disable CA1001 // An event holds no resource unless its wait handle is used.
internal sealed class FakeConnection(FakeProcess process, int maxFrameBytes, IFrameSink sink) : IWorkerConnection
#pragma warning restore CA1001
{
    private readonly FrameReader _reader = new(maxFrameBytes);
    private readonly Lock _sending = new();
    private readonly FrameBuffer _out = new();
    private IThreadPoolWorkItem? _after;
    private readonly ManualResetEventSlim _resumed = new();
    private volatile bool _deaf;
    private bool _closed;

    public void Start()
    {
        new Thread(Listen) { IsBackground = true, Name = "enclave-fake-connection" }.Start();
        process.Start();
    }

    public void AfterFrames(IThreadPoolWorkItem work)
    {
        DoAfter();
        _after = work;
    }

    public void Resume() => _resumed.Set();

    public void StopListening()
    {
        _deaf = true;
        _resumed.Set();
    }

    public void Kill()
    {
        process.Kill();
        _resumed.Set();
    }

    public void Send(Action<FrameBuffer> write) => TrySend(write, HeldMemory.None, out _);

    /// <summary>Sends a frame. Waits for the simulated worker, so no memory needs to be reserved.</summary>
    public bool TrySend(Action<FrameBuffer> write, HeldMemory memory, out long length)
    {
        length = 0;
        lock (_sending)
        {
            if (_closed) return true;
            try
            {
                write(_out);
                length = _out.Length;
                process.ToWorker.Write(_out.Written);
            }
            catch (IOException)
            {
                // The worker has ended, and the reading thread is about to report it.
            }
            finally
            {
                _out.Clear();
            }
        }

        return true;
    }

    public void SendShared(ReadOnlyMemory<byte> frames) => TrySend((buffer) => buffer.Write(frames.Span), HeldMemory.None, out _);

    public ProtocolException NotReading() => ProtocolException.At(0, "the simulated worker does not read");

    private void Listen()
    {
        try
        {
            int count;
            while ((count = process.FromWorker.Read(_reader.FreeSpace().Span)) > 0)
            {
                _reader.Advance(count);
                while (!_deaf && _reader.TryRead(out Frame frame)) Handle(frame);
                DoAfter();
                // Its further frames are not needed; discard them to make room.
                if (_deaf) Discard();
            }
        }
        catch (ProtocolException fault)
        {
            _deaf = true;
            sink.OnProtocolFault(fault);
        }

        DoAfter();
        ProcessExit exit = process.End();
        lock (_sending)
        {
            _closed = true;
            _out.Release();
        }

        _reader.Release();
        sink.OnExit(exit, "");
    }

    /// <summary>Handles a frame, and waits while it is held back.</summary>
    private void Handle(in Frame frame)
    {
        for (bool handled = sink.OnFrame(frame); !handled && !_deaf; handled = sink.OnResumed())
        {
            // The application's own code may make room.
            DoAfter();
            _resumed.Wait();
            _resumed.Reset();
        }
    }

    private void Discard()
    {
        while (_reader.TryRead(out _))
        {
        }
    }

    private void DoAfter()
    {
        if (_after is { } work) ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        _after = null;
    }
}

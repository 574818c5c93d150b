using System.IO.Pipes;
using Enclave.Limits;
using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Host.Tests;

/// <summary>Frames over streams, with a worker that does not behave.</summary>
public sealed class StreamedConnectionTests
{
    private const int FrameBytes = 64 << 10;

    [Fact]
    public async Task A_worker_that_does_not_read_blocks_no_caller_and_is_told_of()
    {
        using var worker = new PipedWorker();
        var sink = new Sink();
        var connection = new StreamedConnection(worker, FrameBytes, sink);
        connection.Start();
        int sent = 0;

        Task sending = Task.Run(() =>
        {
            while (connection.TrySend(static (frames) => LibraryMessage.Write(frames, "a", new string('x', FrameBytes - 100)), HeldMemory.None, out _)) sent++;
        });
        await Within.Deadline(sending, "refusal");

        // The pipe has taken one or two, and four may wait.
        Assert.InRange(sent, 4, 6);
        Assert.Contains("the worker does not read", connection.NotReading().Message, StringComparison.Ordinal);
        connection.Kill();
        Assert.Equal(ExitClassifier.Killed, (await Within.Deadline(sink.Ended, "end")).Code);
    }

    [Fact]
    public async Task A_frame_that_is_held_back_comes_again_once_it_is_resumed()
    {
        using var worker = new PipedWorker();
        var sink = new Sink { Held = 1 };
        var connection = new StreamedConnection(worker, FrameBytes, sink);
        connection.Start();

        worker.Send(ShutdownMessage.Write);
        await Within.Deadline(sink.IsHeld, "held frame");
        connection.Resume();
        await Within.Deadline(sink.IsResumed, "resumed frame");

        connection.Kill();
        await Within.Deadline(sink.Ended, "end");
    }

    [Fact]
    public async Task Bytes_that_are_no_frame_are_a_fault_and_the_worker_ends()
    {
        using var worker = new PipedWorker();
        var sink = new Sink();
        new StreamedConnection(worker, FrameBytes, sink).Start();

        worker.Send("no frame at all"u8);

        await Within.Deadline(sink.Ended, "end");
        Assert.NotNull(sink.Fault);
    }

    [Fact]
    public async Task After_its_workers_end_no_thread_of_it_runs()
    {
        WeakReference connection = await Ended();

        // A running thread holds what it runs in.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Task.Run(() =>
        {
            while (connection.IsAlive && !deadline.IsCancellationRequested) GC.Collect();
        });
        Assert.False(connection.IsAlive);
    }

    [Fact]
    public async Task The_end_of_a_worker_that_ends_at_once_is_not_seen_before_its_start()
    {
        using var worker = new BriefWorker();
        var sink = new Sink();

        new StreamedConnection(worker, FrameBytes, sink).Start();

        await Within.Deadline(sink.Ended, "end");
        Assert.True(worker.WasStarted);
    }

    private static async Task<WeakReference> Ended()
    {
        using var worker = new PipedWorker();
        var sink = new Sink();
        var connection = new StreamedConnection(worker, FrameBytes, sink);
        connection.Start();
        connection.Kill();
        await Within.Deadline(sink.Ended, "end");
        return new WeakReference(connection);
    }

    /// <summary>A worker of two pipes: the test writes its frames, and nobody reads the host's.</summary>
    private sealed class PipedWorker : IStreamedWorker, IDisposable
    {
        private readonly AnonymousPipeServerStream _toWorker = new(PipeDirection.Out), _fromWorker = new(PipeDirection.In);
        private readonly AnonymousPipeClientStream _input, _output;

        public PipedWorker()
        {
            _input = new AnonymousPipeClientStream(PipeDirection.In, _toWorker.ClientSafePipeHandle);
            _output = new AnonymousPipeClientStream(PipeDirection.Out, _fromWorker.ClientSafePipeHandle);
        }

        public Stream ToWorker => _toWorker;

        public Stream FromWorker => _fromWorker;

        public void Start()
        {
        }

        public void Send(Action<FrameBuffer> write)
        {
            var frames = new FrameBuffer();
            write(frames);
            Send(frames.Written);
            frames.Release();
        }

        public void Send(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

        public void Kill()
        {
            _input.Dispose();
            _output.Dispose();
        }

        public ProcessExit End(out string log)
        {
            Kill();
            log = "";
            return new ProcessExit(ExitClassifier.Killed, 0);
        }

        public void Dispose()
        {
            Kill();
            _toWorker.Dispose();
            _fromWorker.Dispose();
        }
    }

    /// <summary>A worker without output, which takes a while to start: long enough for a thread that sees its end too early.</summary>
    private sealed class BriefWorker : IStreamedWorker, IDisposable
    {
        private readonly ManualResetEventSlim _ended = new();
        private bool _isStarted;

        /// <summary>True if it had started when its end was asked for.</summary>
        public bool WasStarted { get; private set; }

        public Stream ToWorker => Stream.Null;

        public Stream FromWorker => Stream.Null;

        public void Start()
        {
            _ended.Wait(TimeSpan.FromMilliseconds(300));
            Volatile.Write(ref _isStarted, true);
        }

        public void Kill()
        {
        }

        public ProcessExit End(out string log)
        {
            WasStarted = Volatile.Read(ref _isStarted);
            _ended.Set();
            log = "";
            return new ProcessExit(0, 0);
        }

        public void Dispose() => _ended.Dispose();
    }

    private sealed class Sink : IFrameSink
    {
        private readonly TaskCompletionSource<ProcessExit> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>How many frames it holds back.</summary>
        public int Held { get; init; }

        public Task<ProcessExit> Ended => _ended.Task;

        public Task IsHeld => _held.Task;

        public Task IsResumed => _resumed.Task;

        public ProtocolException? Fault { get; private set; }

        public bool OnFrame(in Frame frame)
        {
            if (Held == 0) return true;
            _held.TrySetResult();
            return false;
        }

        public bool OnResumed()
        {
            _resumed.TrySetResult();
            return true;
        }

        public void OnProtocolFault(ProtocolException fault) => Fault = fault;

        public void OnOutOfMemory()
        {
        }

        public void OnExit(ProcessExit exit, string log) => _ended.TrySetResult(exit);
    }
}

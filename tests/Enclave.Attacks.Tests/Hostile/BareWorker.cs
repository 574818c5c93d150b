using System.Runtime.InteropServices;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Attacks.Tests;

/// <summary>A real worker without a host: the test holds its pipes.</summary>
internal sealed class BareWorker : IAsyncDisposable
{
    private readonly IWorkerLauncher _launcher;
    private readonly ChildProcess _process;
    private readonly FrameReader _frames = new(16 << 20);
    private int _stdin;
    private bool _reaped;

    private BareWorker(IWorkerLauncher launcher, ChildProcess process)
    {
        (_launcher, _process) = (launcher, process);
        // A copy, so that the test can close the pipe by itself.
        _stdin = process.Stdin;
    }

    public static HelloMessage Hello { get; } = new(new byte[16], 1 << 20, 64 << 20, 64 << 20, []);

    public static async Task<BareWorker> Start()
    {
        var started = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        IWorkerLauncher launcher = TestLauncher.Real();
        launcher.Launch(
            TestLauncher.Setup, (process) => started.SetResult((ChildProcess)process), (why, _) => started.SetException(new InvalidOperationException(why)));
        return new BareWorker(launcher, await Within.Deadline(started.Task, "start of a worker"));
    }

    public static async Task<BareWorker> StartReady()
    {
        BareWorker worker = await Start();
        await worker.Send(Frames.Of(Hello.Write));
        Assert.Equal(FrameType.Ready, await worker.Next());
        return worker;
    }

    public async Task Send(byte[] bytes)
    {
        int done = 0;
        await Within.Becomes(
            () =>
            {
                int n = Write(_stdin, bytes.AsSpan(done));
                done += n < 0 && Marshal.GetLastPInvokeError() != Libc.ErrorAgain ? bytes.Length - done : Math.Max(n, 0);
                return done == bytes.Length;
            },
            "the worker took what it was sent, or had gone");
    }

    /// <summary>The type of the next frame.</summary>
    public async Task<FrameType> Next()
    {
        Frame frame = default;
        await Within.Becomes(
            () =>
            {
                if (_frames.TryRead(out frame)) return true;
                _frames.Advance(Math.Max(Read(_process.Stdout, _frames.FreeSpace().Span), 0));
                return _frames.TryRead(out frame);
            },
            "the worker answered");
        return frame.Type;
    }

    /// <summary>Closes the pipe to the worker, as a host's death does.</summary>
    public void CloseInput()
    {
        // The descriptor number stays in use until the process object closes it. Only the pipe itself is closed.
        int none = Libc.open("/dev/null", Libc.CloseOnExec | 1);
        _ = dup3(none, _stdin, Libc.CloseOnExec);
        _ = Libc.close(none);
        _stdin = -1;
    }

    /// <summary>The exit status.</summary>
    public async Task<int> Exit()
    {
        ProcessExit exit = default;
        await Within.Becomes(() => _process.TryReap(out exit), "the worker left");
        _reaped = true;
        return exit.Code;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        while (!_reaped) _reaped = _process.TryReap(out _);
        _process.Close();
        _frames.Release();
        await Within.Deadline(_launcher.StopAsync(), "end of the nursery");
    }

    private static unsafe int Write(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes) return (int)Libc.write(fd, at, bytes.Length);
    }

    private static unsafe int Read(int fd, Span<byte> bytes)
    {
        fixed (byte* at = bytes) return (int)Libc.read(fd, at, bytes.Length);
    }

    [DllImport("libc")]
    private static extern int dup3(int from, int to, int flags);
}

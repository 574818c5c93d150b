using Enclave.Workers;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Testing.Workers;

/// <summary>
/// Starts stand-ins for workers. The frames are spoken by a thread of this process; beside it stands a real child that does nothing, so that the host can kill, watch
/// and reap it as it does a worker. It ends by itself when this process does.
/// </summary>
internal sealed unsafe class FakeLauncher(ScriptBook book) : IWorkerLauncher
{
    // Reads its input, and ends when that ends.
    private static readonly WorkerCommand s_standIn = new("/bin/cat", ["/bin/cat"], "/");

    public void Launch(Action<WorkerProcess> started, Action<string> failed) => SpawnThread.Post(() =>
    {
        int* pipes = stackalloc int[4] { -1, -1, -1, -1 };
        string? fault = null;
        WorkerProcess? child = Libc.pipe2(pipes, Libc.CloseOnExec) == 0 && Libc.pipe2(pipes + 2, Libc.CloseOnExec) == 0 ? WorkerLauncher.Start(s_standIn, null, out fault) : null;
        if (child is null)
        {
            for (int i = 0; i < 4; i++) _ = Libc.close(pipes[i]);
            failed(fault ?? "pipe2 failed");
            return;
        }

        // The host's ends never block a thread; ours do.
        _ = Libc.fcntl(pipes[1], Libc.SetFlags, Libc.fcntl(pipes[1], Libc.GetFlags, 0) | Libc.NonBlocking);
        _ = Libc.fcntl(pipes[2], Libc.SetFlags, Libc.fcntl(pipes[2], Libc.GetFlags, 0) | Libc.NonBlocking);
        var process = new WorkerProcess(child.Pid, child.PidFd, stdin: pipes[1], stdout: pipes[2], stderr: child.Stderr, info: -1, confinement: null);
        new FakeWorker(book, Stream(pipes[0], FileAccess.Read), Stream(pipes[3], FileAccess.Write), Stream(child.Stdin, FileAccess.Write), Stream(child.Stdout, FileAccess.Read), process.Kill).Start();
        started(process);
    });

    private static FileStream Stream(int descriptor, FileAccess access) => new(new SafeFileHandle(descriptor, ownsHandle: true), access, bufferSize: 0);
}

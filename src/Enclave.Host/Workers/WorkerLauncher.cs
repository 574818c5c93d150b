using System.Runtime.InteropServices;

namespace Enclave.Workers;

/// <summary>Starts workers with posix_spawn: three pipes, an empty environment, nothing inherited, a session of their own.</summary>
internal sealed unsafe class WorkerLauncher(WorkerCommand command) : IWorkerLauncher
{
    // POSIX_SPAWN_SETSIGDEF | SETSIGMASK | SETSID: no signal of the host's terminal reaches a worker, and none is ignored in it.
    private const short SpawnFlags = 4 | 8 | 128;

    // The opaque structures of <spawn.h> and <signal.h>: 80, 336 and 128 bytes on x86-64.
    private const int OpaqueBytes = 512;

    private const int PipeBytes = 1 << 20;

    public void Launch(Action<WorkerProcess> started, Action<string> failed) => SpawnThread.Post(() =>
    {
        int* fds = stackalloc int[6];
        new Span<int>(fds, 6).Fill(-1);
        int pid = -1, pidFd = -1;
        string? fault = Pipes(fds) ?? Spawn(fds, out pid, out pidFd);
        if (fault is null)
        {
            CloseAll([fds[0], fds[3], fds[5]]);
            started(new WorkerProcess(pid, pidFd, stdin: fds[1], stdout: fds[2], stderr: fds[4]));
            return;
        }

        CloseAll(new ReadOnlySpan<int>(fds, 6));
        failed(fault);
    });

    private static string? Pipes(int* fds)
    {
        for (int i = 0; i < 6; i += 2)
        {
            if (Libc.pipe2(fds + i, Libc.CloseOnExec) != 0) return $"pipe2 failed: {Error()}";
            // Descriptors 0 to 2 are what the child will have: ours must lie above, also in a host that was started without them.
            for (int end = i; end < i + 2; end++)
            {
                if (fds[end] > 2) continue;
                int low = fds[end];
                fds[end] = Libc.fcntl(low, Libc.DuplicateCloseOnExec, 3);
                _ = Libc.close(low);
            }
        }

        // The host's ends never block a thread: fds[1] writes to stdin, fds[2] and fds[4] read stdout and stderr.
        foreach (int end in (ReadOnlySpan<int>)[fds[1], fds[2], fds[4]])
        {
            if (Libc.fcntl(end, Libc.SetFlags, Libc.fcntl(end, Libc.GetFlags, 0) | Libc.NonBlocking) != 0) return $"fcntl failed: {Error()}";
        }

        // Fewer wake-ups for large frames; refused to ordinary users with many pipes, and then the default does.
        _ = Libc.fcntl(fds[1], Libc.SetPipeSize, PipeBytes);
        _ = Libc.fcntl(fds[2], Libc.SetPipeSize, PipeBytes);
        return null;
    }

    private string? Spawn(int* fds, out int pid, out int pidFd)
    {
        byte* actions = stackalloc byte[OpaqueBytes], attributes = stackalloc byte[OpaqueBytes], signals = stackalloc byte[OpaqueBytes];
        pid = pidFd = -1;
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawnattr_init(attributes);
        byte** argv = Strings(command.Arguments);
        byte* noEnvironment = null;
        try
        {
            _ = Libc.posix_spawn_file_actions_addchdir_np(actions, command.WorkingDirectory);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, fds[0], 0);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, fds[3], 1);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, fds[5], 2);
            _ = Libc.posix_spawn_file_actions_addclosefrom_np(actions, 3);
            _ = Libc.sigfillset(signals);
            _ = Libc.posix_spawnattr_setsigdefault(attributes, signals);
            _ = Libc.sigemptyset(signals);
            _ = Libc.posix_spawnattr_setsigmask(attributes, signals);
            _ = Libc.posix_spawnattr_setflags(attributes, SpawnFlags);
            int child;
            int error = Libc.posix_spawn(&child, command.Program, actions, attributes, argv, &noEnvironment);
            if (error != 0) return $"posix_spawn of {command.Program} failed: {Marshal.GetPInvokeErrorMessage(error)}";
            pid = child;
            // Nobody else reaps our children, so the pid cannot have been reused before this.
            pidFd = (int)Libc.syscall(Libc.SysPidFdOpen, child, 0, 0, 0, 0);
            return pidFd < 0 ? $"pidfd_open failed: {Error()}" : null;
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
            FreeStrings(argv, command.Arguments.Count);
        }
    }

    private static byte** Strings(IReadOnlyList<string> texts)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++) list[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        return list;
    }

    private static void FreeStrings(byte** list, int count)
    {
        for (int i = 0; i < count; i++) Marshal.FreeCoTaskMem((nint)list[i]);
        NativeMemory.Free(list);
    }

    private static void CloseAll(ReadOnlySpan<int> fds)
    {
        foreach (int fd in fds)
        {
            if (fd >= 0) _ = Libc.close(fd);
        }
    }

    private static string Error() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}

using System.Runtime.InteropServices;
using Enclave.Isolation;

namespace Enclave.Workers;

/// <summary>Starts programs with posix_spawn: pipes, an empty environment, nothing inherited, a session of their own.</summary>
internal sealed unsafe class WorkerLauncher(WorkerCommand command) : IWorkerLauncher
{
    // POSIX_SPAWN_SETSIGDEF | SETSIGMASK | SETSID: no signal of the host's terminal reaches a worker.
    private const short SpawnFlags = 4 | 8 | 128;

    // SIGHUP, SIGINT, SIGQUIT, SIGTERM. Who stops a service signals all its processes: when a worker ends, and bubblewrap with it, is the host's to say.
    private static readonly int[] s_requestsToEnd = [1, 2, 3, 15];

    // The opaque structures of <spawn.h> and <signal.h>: 80, 336 and 128 bytes on x86-64.
    private const int OpaqueBytes = 512;

    private const int PipeBytes = 1 << 20;

    /// <summary>Where a worker finds the /proc of this process until it knows its own mappings: a jail holds none (native/checkpoint.cc).</summary>
    private const int LentProc = 8;

    // Ends of the pipes, in pairs: reading, writing.
    private const int InRead = 0, InWrite = 1, OutRead = 2, OutWrite = 3, LogRead = 4, LogWrite = 5, InfoRead = 6, InfoWrite = 7, Ends = 8;

    public void Launch(Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => SpawnThread.Post(() =>
    {
        if (Start(command, null, out string? fault) is { } process) started(process);
        else failed(fault!, ErrorCode.WorkerCrashed);
    });

    /// <summary>Starts one on this thread. Null when that failed; the reason then is <paramref name="fault"/>, and <paramref name="confinement"/> is still the caller's.</summary>
    public static WorkerProcess? Start(WorkerCommand command, Confinement? confinement, out string? fault)
    {
        int* fds = stackalloc int[Ends];
        new Span<int>(fds, Ends).Fill(-1);
        int pid = -1, pidFd = -1;
        bool info = command.InfoDescriptor >= 0;
        fault = Pipes(fds, info ? Ends : InfoRead) ?? Spawn(command, fds, out pid, out pidFd);
        if (fault is null)
        {
            CloseAll([fds[InRead], fds[OutWrite], fds[LogWrite], fds[InfoWrite]]);
            return new WorkerProcess(pid, pidFd, stdin: fds[InWrite], stdout: fds[OutRead], stderr: fds[LogRead], info: fds[InfoRead], confinement, command.IdInJail);
        }

        CloseAll(new ReadOnlySpan<int>(fds, Ends));
        return null;
    }

    private static string? Pipes(int* fds, int ends)
    {
        for (int i = 0; i < ends; i += 2)
        {
            if (Libc.pipe2(fds + i, Libc.CloseOnExec) != 0) return $"pipe2 failed: {Error()}";
            // Descriptors 0 to 3 are what the child will have: ours must lie above, also in a host that was started without them.
            for (int end = i; end < i + 2; end++)
            {
                if (fds[end] > 3) continue;
                int low = fds[end];
                fds[end] = Libc.fcntl(low, Libc.DuplicateCloseOnExec, 4);
                _ = Libc.close(low);
            }
        }

        // The host's ends never block a thread.
        foreach (int end in (ReadOnlySpan<int>)[fds[InWrite], fds[OutRead], fds[LogRead], fds[InfoRead]])
        {
            if (end < 0) continue;

            if (Libc.fcntl(end, Libc.SetFlags, Libc.fcntl(end, Libc.GetFlags, 0) | Libc.NonBlocking) != 0) return $"fcntl failed: {Error()}";
        }

        // Fewer wake-ups for large frames; refused to ordinary users with many pipes, and then the default does.
        _ = Libc.fcntl(fds[InWrite], Libc.SetPipeSize, PipeBytes);
        _ = Libc.fcntl(fds[OutRead], Libc.SetPipeSize, PipeBytes);
        return null;
    }

    private static string? Spawn(WorkerCommand command, int* fds, out int pid, out int pidFd)
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
            _ = Libc.posix_spawn_file_actions_adddup2(actions, fds[InRead], 0);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, fds[OutWrite], 1);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, fds[LogWrite], 2);
            if (command.InfoDescriptor >= 0) _ = Libc.posix_spawn_file_actions_adddup2(actions, fds[InfoWrite], command.InfoDescriptor);
            _ = Libc.posix_spawn_file_actions_addclosefrom_np(actions, Math.Max(3, command.InfoDescriptor + 1));
            if (command.NeedsProc) _ = Libc.posix_spawn_file_actions_addopen(actions, LentProc, "/proc", Libc.OpenDirectory, 0);
            _ = Libc.sigfillset(signals);
            _ = Libc.posix_spawnattr_setsigdefault(attributes, signals);
            _ = Libc.sigemptyset(signals);
            foreach (int number in s_requestsToEnd) _ = Libc.sigaddset(signals, number);
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

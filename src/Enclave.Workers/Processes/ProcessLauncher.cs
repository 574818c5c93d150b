using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Enclave.Linux;
using Enclave.Protocol;

namespace Enclave.Processes;

/// <summary>Starts programs with posix_spawn: with pipes, an empty environment, nothing inherited, and their own session.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class ProcessLauncher
{
    // POSIX_SPAWN_SETSIGDEF | SETSIGMASK | SETSID: no signal of the host's terminal reaches a worker.
    private const short SpawnFlags = 4 | 8 | 128;

    // The opaque structures of <spawn.h> and <signal.h>: 80, 336 and 128 bytes on x86-64.
    private const int OpaqueBytes = 512;

    // SIGHUP, SIGINT, SIGQUIT, SIGTERM. Stopping a service signals all its processes, but only the host decides when a worker and its bubblewrap end.
    private static readonly int[] s_requestsToEnd = [1, 2, 3, 15];

    /// <summary>Starts a program on this thread. Null if that fails; <paramref name="fault"/> then has the reason.</summary>
    /// <param name="command">The command.</param>
    /// <param name="fault">The reason of a failure.</param>
    /// <param name="control">The end of a nursery's control socket, which the caller keeps; -1 for none.</param>
    public static StartedProcess? Start(ProcessCommand command, out string? fault, int control = -1)
    {
        using var pipes = new PipeEnds();
        bool info = command.InfoDescriptor >= 0;
        int pid = -1, pidFd = -1;
        fault = pipes.Open(info ? PipeEnds.WithInfo : PipeEnds.OfWorker) ?? Spawn(command, pipes, control, out pid, out pidFd);
        if (fault is not null) return null;
        int infoEnd = info ? pipes.TakeInfo() : -1;
        return new StartedProcess(pid, pidFd, pipes.Take(), infoEnd, command.IdInJail);
    }

    private static string? Spawn(ProcessCommand command, PipeEnds pipes, int control, out int pid, out int pidFd)
    {
        byte* actions = stackalloc byte[OpaqueBytes], attributes = stackalloc byte[OpaqueBytes], signals = stackalloc byte[OpaqueBytes];
        pid = pidFd = -1;
        // The kernel would remove a worker that ends before the host has a descriptor of it.
        ChildSignals.PutInOrder();
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawnattr_init(attributes);
        byte** argv = Strings(command.Arguments);
        byte* noEnvironment = null;
        try
        {
            _ = Libc.posix_spawn_file_actions_addchdir_np(actions, command.WorkingDirectory);
            int kept = Math.Max(3, command.InfoDescriptor + 1);
            // Copy the control socket first, because its number may be one that the child needs. Move it to its own place after all other descriptors are
            // closed.
            if (control >= 0) _ = Libc.posix_spawn_file_actions_adddup2(actions, control, kept);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, pipes.WorkerIn, 0);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, pipes.WorkerOut, 1);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, pipes.WorkerLog, 2);
            if (command.InfoDescriptor >= 0) _ = Libc.posix_spawn_file_actions_adddup2(actions, pipes.WorkerInfo, command.InfoDescriptor);
            _ = Libc.posix_spawn_file_actions_addclosefrom_np(actions, control >= 0 ? kept + 1 : kept);
            if (control >= 0)
            {
                _ = Libc.posix_spawn_file_actions_adddup2(actions, kept, WorkerDescriptors.Control);
                _ = Libc.posix_spawn_file_actions_addclose(actions, kept);
            }

            if (command.NeedsProc) _ = Libc.posix_spawn_file_actions_addopen(actions, WorkerDescriptors.LentProc, "/proc", Libc.OpenDirectory, 0);
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
            // Only this library reaps its children, so the pid cannot have been reused before this.
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

    private static string Error() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
}

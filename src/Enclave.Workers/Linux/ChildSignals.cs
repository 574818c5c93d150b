using System.Runtime.Versioning;

namespace Enclave.Linux;

/// <summary>The signal at the end of a child. A process inherits from its parent whether it ignores or blocks this signal.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class ChildSignals
{
    private const int ChildEnded = 17, Default = 0, Ignored = 1, Unblock = 1;

    /// <summary>Larger than struct sigaction and sigset_t of glibc.</summary>
    private const int OpaqueBytes = 512;

    /// <summary>
    /// If a process ignores the signal, the kernel removes its children before their exit status is read. If the signal is blocked, .NET never sees the end of
    /// a child. Call it before the first child starts, on a thread that lives as long as the process. An existing handler stays.
    /// </summary>
    public static void PutInOrder()
    {
        byte* action = stackalloc byte[OpaqueBytes];
        // The handler stands first.
        if (Libc.sigaction(ChildEnded, null, action) == 0 && *(nint*)action == Ignored) _ = Libc.signal(ChildEnded, Default);
        byte* signals = stackalloc byte[OpaqueBytes];
        _ = Libc.sigemptyset(signals);
        _ = Libc.sigaddset(signals, ChildEnded);
        _ = Libc.pthread_sigmask(Unblock, signals, null);
    }
}

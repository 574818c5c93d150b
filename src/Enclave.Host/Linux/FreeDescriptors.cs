using System.Runtime.Versioning;

namespace Enclave.Linux;

/// <summary>The free descriptors of the process, which a worker's start needs.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class FreeDescriptors
{
    /// <summary>The most that a worker's start takes, with the files that .NET opens meanwhile to load code and to start a thread.</summary>
    public const int ForStart = 32;

    /// <summary>Says that too few are free; null if there are enough.</summary>
    public static string? Missing()
    {
        int* taken = stackalloc int[ForStart];
        int free = 0;
        taken[0] = Libc.eventfd(0, Libc.CloseOnExec);
        while (taken[free] >= 0 && ++free < ForStart) taken[free] = Libc.fcntl(taken[0], Libc.DuplicateCloseOnExec, 0);
        for (int i = 0; i < free; i++) _ = Libc.close(taken[i]);
        return free == ForStart ? null
            : $"too many open files: the host has {free} free descriptors, and the start of a worker needs {ForStart}. Raise the limit (ulimit -n, "
            + "LimitNOFILE=)";
    }
}

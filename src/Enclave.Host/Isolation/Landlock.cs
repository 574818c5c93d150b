using Enclave.Linux;

namespace Enclave.Isolation;

/// <summary>Landlock as the kernel offers it. The worker itself puts it on, before it has threads (native/landlock.cc).</summary>
internal static class Landlock
{
    private const int CreateRuleset = 444, AskVersion = 1;

    /// <summary>0 when the kernel has none, or a container's filter refuses the question.</summary>
    public static int KernelVersion() => Math.Max(0, (int)Libc.syscall(CreateRuleset, 0, 0, AskVersion, 0, 0));

    /// <summary>What a version covers, in words.</summary>
    public static string Scope(int version) => version switch
    {
        >= 6 => "files, TCP, signals",
        >= 4 => "files, TCP",
        _ => "files",
    };
}

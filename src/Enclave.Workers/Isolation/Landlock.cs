using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Isolation;

/// <summary>The kernel's support for Landlock. The worker applies it itself, before it has threads (native/landlock.cc).</summary>
internal static class Landlock
{
    private const int CreateRuleset = 444, AskVersion = 1;

    /// <summary>0 if the kernel has no Landlock, or a container's filter refuses the question.</summary>
    [SupportedOSPlatform("linux")]
    public static int KernelVersion() => Math.Max(0, (int)Libc.syscall(CreateRuleset, 0, 0, AskVersion, 0, 0));

    /// <summary>Describes the rights that a version covers.</summary>
    public static string Scope(int version) => version switch
    {
        >= 6 => "files, TCP, signals",
        >= 4 => "files, TCP",
        _ => "files",
    };
}

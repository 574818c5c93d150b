using System.Runtime.Versioning;

namespace Enclave.Linux;

/// <summary>
/// The free descriptors of the process, which a worker's start needs. Counting takes no descriptor: a thread that starts meanwhile and finds none would end the
/// process.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class FreeDescriptors
{
    /// <summary>The most that a worker's start takes, with the files that .NET opens meanwhile to load code and to start a thread.</summary>
    public const int ForStart = 32;

    /// <summary>
    /// How many of the highest numbers are examined. The kernel gives the lowest free number, so if few of the highest are free, few are free at all.
    /// </summary>
    private const int MostLooked = 1024;

    /// <summary>The most files that the process may open; null if the kernel does not say it.</summary>
    public static int? Limit
    {
        get
        {
            ulong* limits = stackalloc ulong[2];
            return Libc.getrlimit(Libc.LimitOfFiles, limits) == 0 ? (int)Math.Min(limits[0], int.MaxValue) : null;
        }
    }

    /// <summary>Says that too few are free; null if there are enough.</summary>
    public static string? Missing()
    {
        if (Limit is not { } limit) return "the host cannot read its limit of open files";
        int looked = Math.Min(limit, MostLooked);
        Libc.PollFd* places = stackalloc Libc.PollFd[looked];
        for (int i = 0; i < looked; i++) places[i] = new Libc.PollFd { Fd = limit - 1 - i };
        if (Libc.poll(places, (nuint)looked, 0) < 0) return "the host cannot count its open files";
        int free = 0;
        for (int i = 0; i < looked; i++) free += (places[i].Returned & Libc.PollNotOpen) != 0 ? 1 : 0;
        return free >= ForStart ? null
            : $"too many open files: the host has {free} free descriptors, and the start of a worker needs {ForStart}. Raise the limit (ulimit -n, "
            + "LimitNOFILE=)";
    }
}

using System.Runtime.InteropServices;

namespace Enclave.FakeWorker;

internal static unsafe partial class Libc
{
    private const int ParentDeathSignal = 1, Kill = 9;

    /// <summary>No fake outlives the test that started it, whatever step it hangs in.</summary>
    public static void DieWithParent() => _ = prctl(ParentDeathSignal, Kill, 0, 0, 0);

    /// <summary>Dies of a signal. The runtime's own handlers would survive one that was sent.</summary>
    public static void Die(int number)
    {
        _ = signal(number, 0);
        _ = kill(Environment.ProcessId, number);
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);
}

using Enclave.Linux;

namespace Enclave.Attacks.Tests;

/// <summary>A moment in which this process has no free descriptor, for one thread only: its table of descriptors is its own, and is full.</summary>
internal static class Shortage
{
    private const int SysUnshare = 272, CloneFiles = 0x400, DuplicateCloseOnExec = 1030;

    /// <summary>Calls the function on such a thread.</summary>
    public static T During<T>(Func<T> call)
    {
        T? result = default;
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.Equal(0, Libc.syscall(SysUnshare, CloneFiles, 0, 0, 0, 0));
                int any = Libc.open("/dev/null", Libc.CloseOnExec);
                while (Libc.fcntl(any, DuplicateCloseOnExec, 0) >= 0)
                {
                }

                result = call();
            }
#pragma warning disable CA1031 // It is thrown again on the caller's thread.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                fault = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (fault is not null) throw new InvalidOperationException("the call without a free descriptor failed", fault);
        return result!;
    }
}

namespace Enclave.Tests;

/// <summary>Counts the bytes that an act allocates.</summary>
internal static class Allocations
{
    private const int Readings = 5, ReadingsOfProcess = 3;

    /// <summary>
    /// The bytes on this thread: the smallest of several readings, after one that is not counted because it compiles code. While other tests run, a reading may
    /// be up to 8 KB too large, as much as the rest of the block of memory that the thread allocates from. A background collection is the likely cause.
    /// </summary>
    public static long Of(Action act)
    {
        act();
        long smallest = long.MaxValue;
        for (int i = 0; i < Readings; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            smallest = Math.Min(smallest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return smallest;
    }

    /// <summary>The bytes in the whole process: the smallest of several readings, because other tests allocate at the same time.</summary>
    public static async Task<long> OfProcess(Func<Task> act)
    {
        long smallest = long.MaxValue;
        for (int i = 0; i < ReadingsOfProcess; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await act();
            smallest = Math.Min(smallest, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return smallest;
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Processes;

/// <summary>The pipes of a new worker: both ends of each, until the host takes its own. Disposal closes the rest.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class PipeEnds : IDisposable
{
    /// <summary>The number of a worker's pipes; and with the one on which bubblewrap reports.</summary>
    public const int OfWorker = 3, WithInfo = 4;

    private const int PipeBytes = 1 << 20;

    /// <summary>Numbers up to this one are the child's descriptors. Ends lie above them, also in a host that was started without standard streams.</summary>
    private const int LastPlace = 8;

    // Pairs: the end to read, the end to write.
    private const int In = 0, Out = 2, Log = 4, Info = 6;

    private readonly int[] _ends = [-1, -1, -1, -1, -1, -1, -1, -1];

    public int WorkerIn => _ends[In];

    public int WorkerOut => _ends[Out + 1];

    public int WorkerLog => _ends[Log + 1];

    public int WorkerInfo => _ends[Info + 1];

    /// <summary>Creates the pipes. Returns the reason of a failure, or null.</summary>
    public string? Open(int count)
    {
        fixed (int* ends = _ends)
        {
            for (int i = 0; i < 2 * count; i += 2)
            {
                if (Libc.pipe2(ends + i, Libc.CloseOnExec) != 0) return $"pipe2 failed: {Error()}";
                for (int end = i; end < i + 2; end++)
                {
                    if (ends[end] > LastPlace) continue;
                    int low = ends[end];
                    ends[end] = Libc.fcntl(low, Libc.DuplicateCloseOnExec, LastPlace + 1);
                    _ = Libc.close(low);
                }
            }
        }

        // The host's ends never block a thread.
        foreach (int end in (ReadOnlySpan<int>)[_ends[In + 1], _ends[Out], _ends[Log], _ends[Info]])
        {
            if (end < 0) continue;
            if (Libc.fcntl(end, Libc.SetFlags, Libc.fcntl(end, Libc.GetFlags, 0) | Libc.NonBlocking) != 0) return $"fcntl failed: {Error()}";
        }

        // Larger pipes save wake-ups for large frames. The kernel refuses them to ordinary users with many pipes. The default works too.
        _ = Libc.fcntl(_ends[In + 1], Libc.SetPipeSize, PipeBytes);
        _ = Libc.fcntl(_ends[Out], Libc.SetPipeSize, PipeBytes);
        return null;
    }

    /// <summary>Passes the host's ends to the caller.</summary>
    public HostPipes Take() => new(Take(In + 1), Take(Out), Take(Log));

    /// <inheritdoc cref="Take()"/>
    public int TakeInfo() => Take(Info);

    public void Dispose()
    {
        for (int i = 0; i < _ends.Length; i++)
        {
            int end = Take(i);
            if (end >= 0) _ = Libc.close(end);
        }
    }

    private static string Error() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    private int Take(int end)
    {
        int taken = _ends[end];
        _ends[end] = -1;
        return taken;
    }
}

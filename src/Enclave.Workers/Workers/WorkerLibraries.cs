using Enclave.Protocol.Messages;

namespace Enclave.Workers;

/// <summary>Programs that every worker of a pool evaluates before its first job, encoded once for all of them.</summary>
internal sealed class WorkerLibraries
{
    // On a busy machine a worker gets part of a core. The worker itself gives up at three times its CPU time.
    private const int WallForCpu = 4;

    // Code, closures and tables of a bundle take about eight bytes per byte of text. The rest is for data that it creates.
    private const long HeldAtLeast = 16 << 20, HeldForByte = 12;

    // A bundle of 2 MB takes a tenth of a second on an idle core; at STRICT a little more.
    private static readonly TimeSpan s_cpu = TimeSpan.FromSeconds(5);

    /// <param name="names">Their names, in the order of their frames.</param>
    /// <param name="bytes">The length of their texts in UTF-8.</param>
    /// <param name="frames">Their frames, the same for every worker.</param>
    public WorkerLibraries(IReadOnlyList<string> names, long bytes, ReadOnlyMemory<byte> frames)
    {
        (Names, Frames) = (names, frames);
        if (Any) HeldBytes = HeldAtLeast + (HeldForByte * bytes);
    }

    public static WorkerLibraries None { get; } = new([], 0, default);

    public IReadOnlyList<string> Names { get; }

    public bool Any => Names.Count > 0;

    /// <summary>The memory that a worker may keep for them.</summary>
    public long HeldBytes { get; }

    /// <summary>The extra time for a worker's start.</summary>
    public TimeSpan StartTime => Any ? s_cpu * WallForCpu : TimeSpan.Zero;

    /// <summary>The plan in the hello; null if there are none.</summary>
    public LibraryPlan? Plan => Any ? new LibraryPlan(Names.Count, (long)s_cpu.TotalMicroseconds, HeldBytes) : null;

    public ReadOnlyMemory<byte> Frames { get; }

    /// <summary>Describes the fault that a worker reports for a library that it cannot evaluate.</summary>
    /// <exception cref="Protocol.ProtocolException">There is no such library.</exception>
    public string Describe(LibraryFaultMessage fault)
    {
        if (fault.Index >= Names.Count) throw Protocol.ProtocolException.At(0, $"a fault of library {fault.Index}");
        string library = $"library {Names[fault.Index]}";
        return fault switch
        {
            { Stop: StopReason.Memory } =>
                $"{library}: the libraries keep more than {HeldBytes >> 20} MB together, or needed more than a worker has while they were evaluated",
            { Stop: StopReason.None, Error: { } error } => $"{library}: {error.Name}: {error.Message}{error.Stack}",
            _ => $"{library}: evaluating the libraries took more than {s_cpu.TotalSeconds:0} s of CPU time, or {s_cpu.TotalSeconds * WallForCpu:0} s in all",
        };
    }
}

using Enclave.Protocol;

namespace Enclave;

/// <summary>The limits of a run, as options set them. A limit that is null is not set here.</summary>
public record LimitOptions
{
    internal const int MostToolCalls = 1_000_000, MostIterations = ProtocolLimits.MaxIterations, MostConsoleCalls = 10_000_000;

    internal const long LeastMemory = 8L << 20, MostSessionBytes = 1 << 30;

    internal LimitOptions()
    {
    }

    internal LimitOptions(CountedLimits counted) => (MaxToolCalls, MaxIterations, MaxConsoleCalls, MaxConsoleBytes) =
        (counted.MaxToolCalls, counted.MaxIterations, counted.MaxConsoleCalls, counted.MaxConsoleBytes);

    /// <summary>Wall time from the start on a worker, including waits for tools. Range: 1 ms to 24 h.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>CPU time of the script alone. Range: 1 ms to 24 h.</summary>
    public TimeSpan? CpuTimeout { get; init; }

    /// <summary>V8 heap and buffers of the script, in bytes. Range: 8 MB to the pool's <see cref="WorkerPoolOptions.MemoryLimitPerWorker"/>.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Tool calls of the run. Range: 0 to 1,000,000.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>Iterations of one loop. Range: 1 to 1,000,000,000. All loops of the run together: 100 times as many.</summary>
    public int? MaxIterations { get; init; }

    /// <summary>Console calls of the run. Range: 0 to 10,000,000.</summary>
    public int? MaxConsoleCalls { get; init; }

    /// <summary>Console output of the run, in bytes of UTF-8. Range: 0 to half of <see cref="WorkerPoolOptions.MaxMessageBytes"/>.</summary>
    public long? MaxConsoleBytes { get; init; }

    /// <summary>These limits. A limit that is not set here is the one of the defaults.</summary>
    internal LimitOptions Over(LimitOptions defaults) => this with
    {
        Timeout = Timeout ?? defaults.Timeout,
        CpuTimeout = CpuTimeout ?? defaults.CpuTimeout,
        MemoryLimit = MemoryLimit ?? defaults.MemoryLimit,
        MaxToolCalls = MaxToolCalls ?? defaults.MaxToolCalls,
        MaxIterations = MaxIterations ?? defaults.MaxIterations,
        MaxConsoleCalls = MaxConsoleCalls ?? defaults.MaxConsoleCalls,
        MaxConsoleBytes = MaxConsoleBytes ?? defaults.MaxConsoleBytes,
    };

    /// <summary>These limits, lowered to the ceiling's. A limit that is not set stays so: its default may be lower than the ceiling.</summary>
    internal LimitOptions Within(LimitOptions ceiling) => this with
    {
        Timeout = Lower(Timeout, ceiling.Timeout),
        CpuTimeout = Lower(CpuTimeout, ceiling.CpuTimeout),
        MemoryLimit = Lower(MemoryLimit, ceiling.MemoryLimit),
        MaxToolCalls = Lower(MaxToolCalls, ceiling.MaxToolCalls),
        MaxIterations = Lower(MaxIterations, ceiling.MaxIterations),
        MaxConsoleCalls = Lower(MaxConsoleCalls, ceiling.MaxConsoleCalls),
        MaxConsoleBytes = Lower(MaxConsoleBytes, ceiling.MaxConsoleBytes),
    };

    private static T? Lower<T>(T? limit, T? ceiling)
        where T : struct, IComparable<T> => limit is { } wanted && ceiling is { } most && wanted.CompareTo(most) > 0 ? most : limit;
}

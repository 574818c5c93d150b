namespace Enclave.Isolation;

/// <summary>What the operating system lets a worker have, from the pool's own limits: wider than those, so that they are met first and have their own words.</summary>
/// <param name="DataBytes">Writable memory beyond what the warm worker has mapped.</param>
/// <param name="CpuSeconds">CPU time of its whole life.</param>
/// <param name="GroupBytes">Memory that its control group may be charged beyond what the warm worker holds.</param>
internal readonly record struct WorkerBudget(long DataBytes, long CpuSeconds, long GroupBytes)
{
    /// <summary>What V8 itself may need beyond a script's heap and buffers: headroom of the heap guard, semi-spaces, zones of the compilers.</summary>
    public const long Allowance = 56L << 20;

    /// <summary>V8 maps this much writable and executable for each isolate's code, touched or not; none when it interprets.</summary>
    private const long CodeRange = 64L << 20;

    /// <summary>Isolates that may live at once: the one of all jobs, and that of a job with a limit of its own.</summary>
    private const int Isolates = 2;

    /// <summary>
    /// Memory of a cell that the nursery's group is charged for: it is taken before the cell enters a group of its own. Page tables, and the pages that every
    /// job writes.
    /// </summary>
    private const long CellStart = 4L << 20;

    /// <summary>Memory that the control group of a nursery may be charged beyond what the warm nursery holds.</summary>
    public long NurseryBytes { get; init; } = GroupBytes;

    public static WorkerBudget For(WorkerPoolOptions pool, bool jitless)
    {
        long memory = pool.MemoryLimitPerWorker + Allowance;
        long code = jitless ? 0 : CodeRange * Isolates;
        // A run may go on for a day after its worker has become old enough to be replaced.
        var life = (long)(pool.MaxWorkerAge + TimeSpan.FromDays(1)).TotalSeconds;
        return new WorkerBudget(memory + code, life * Environment.ProcessorCount, memory) { NurseryBytes = memory + (pool.MaxWorkers * CellStart) };
    }
}

namespace Enclave.Isolation;

/// <summary>The operating system's limits for a worker. They are wider than the pool's own, which are reached first and have clear errors.</summary>
/// <param name="DataBytes">Writable memory beyond the mappings of the warm worker.</param>
/// <param name="CpuSeconds">CPU time of its whole life.</param>
/// <param name="GroupBytes">Memory of its control group beyond that of the warm worker.</param>
internal readonly record struct WorkerBudget(long DataBytes, long CpuSeconds, long GroupBytes)
{
    /// <summary>Memory that V8 itself may need beyond a script's heap and buffers: headroom of the heap guard, semi-spaces, zones of the compilers.</summary>
    public const long Allowance = 56L << 20;

    /// <summary>The writable and executable memory that V8 maps for each isolate's code, used or not. None if it interprets.</summary>
    private const long CodeRange = 64L << 20;

    /// <summary>Isolates that may exist at once: the one for all jobs, and one for a job with its own limit.</summary>
    private const int Isolates = 2;

    /// <summary>
    /// The memory of a cell that is charged to the nursery's group, because the cell enters its own group later: page tables, and the pages that every job
    /// writes.
    /// </summary>
    private const long CellStart = 4L << 20;

    /// <summary>Memory of a nursery's control group beyond that of the warm nursery.</summary>
    public long NurseryBytes { get; init; } = GroupBytes;

    public static WorkerBudget For(in PoolBounds pool, bool jitless)
    {
        long memory = pool.WorkerMemory + Allowance;
        long code = jitless ? 0 : CodeRange * Isolates;
        // A run may continue for a day after its worker became old enough to be replaced.
        var life = (long)(pool.MaxWorkerAge + TimeSpan.FromDays(1)).TotalSeconds;
        return new WorkerBudget(memory + code, life * Environment.ProcessorCount, memory) { NurseryBytes = memory + (pool.MaxWorkers * CellStart) };
    }
}

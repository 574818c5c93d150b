using Enclave.Isolation;

namespace Enclave;

/// <summary>Sizes and limits of a pool of workers. Start from <see cref="WorkerPoolPresets"/> and change values with <c>with</c>.</summary>
/// <remarks>The defaults are those of the documented STANDARD preset.</remarks>
public sealed record WorkerPoolOptions
{
    /// <summary>Workers kept alive. Range: 0 to <see cref="MaxWorkers"/>. Default: 2.</summary>
    public int MinWorkers { get; init; } = 2;

    /// <summary>Most workers at once. Range: 1 to 2,000. Default: 16.</summary>
    public int MaxWorkers { get; init; } = 16;

    /// <summary>Bytes that scripts may use in one worker, beyond the worker's own memory when it is ready. Range: 16 MB to 16 GB. Default: 256 MB.</summary>
    public long MemoryLimitPerWorker { get; init; } = 256L << 20;

    /// <summary>Jobs after which a worker is replaced. Range: 1 to 1,000,000. Default: 1000.</summary>
    public int MaxExecutionsPerWorker { get; init; } = 1000;

    /// <summary>Age after which a worker is replaced. Range: 1 s to 30 days. Default: 4 h.</summary>
    public TimeSpan MaxWorkerAge { get; init; } = TimeSpan.FromHours(4);

    /// <summary>
    /// Jobs that may wait beyond <see cref="MaxWorkers"/>. A job that waits for a starting worker does not count. Range: 0 to 100,000. Default: 100.
    /// </summary>
    public int MaxQueueSize { get; init; } = 100;

    /// <summary>
    /// Longest wait of a job between submission and start. Before that, a scorer, and the wait of a large script for the guard, may each take as long.
    /// Range: 1 ms to 24 h. Default: 30 s.
    /// </summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Idle time after which a worker above <see cref="MinWorkers"/> is ended. Range: 100 ms to 30 days. Default: 30 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long disposal waits for running jobs before it kills them. Range: 0 to 1 h. Default: 5 s.</summary>
    public TimeSpan GracefulShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Console frames and tool calls per second that one job may send. A burst of one second's
    /// allowance is accepted. Range: 1 to 1,000,000. Default: 1000.
    /// </summary>
    public int MaxMessagesPerSecond { get; init; } = 1000;

    /// <summary>Concurrent tool calls of one job. Range: 1 to 10,000. Default: 100.</summary>
    public int MaxPendingToolCalls { get; init; } = 100;

    /// <summary>Largest message between host and worker, in bytes. Range: 64 KB to 64 MB. Default: 16 MB.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;

    /// <summary>
    /// Memory of the host for the arguments of all running tool calls, and for the answers that workers have not taken yet, in bytes.
    /// Range: twice <see cref="HostMemoryLimitPerRun"/> to 1 TB. Default: null, four times <see cref="HostMemoryLimitPerRun"/>.
    /// </summary>
    /// <remarks>
    /// Values count with their size in .NET, which may be fifty times their message (docs/security-model.md). Calls without room wait, within their run's
    /// time. No tenant can take all of it. The first 64 KB of a run do not count.
    /// </remarks>
    public long? HostMemoryLimit { get; init; }

    /// <summary>
    /// Memory of the host for the arguments and answers of one run, and the most that its result may take, in bytes. Range: 1 MB to 16 GB. Default: null, four
    /// times <see cref="MaxMessageBytes"/>, at least 8 MB; with a sidecar, at least twice its <see cref="SidecarOptions.MaxResolvedBytes"/>.
    /// </summary>
    /// <remarks>
    /// Calls without room wait until earlier ones are answered. A single larger call fails with <c>TOOL_ARGUMENTS_TOO_LARGE</c>, a larger result with
    /// <see cref="ErrorCode.OutputLimit"/>.
    /// </remarks>
    public long? HostMemoryLimitPerRun { get; init; }

    /// <summary>Jobs of one tenant that may wait beyond the workers. Range: 0 to <see cref="MaxQueueSize"/>. Default: null, no limit of its own.</summary>
    /// <remarks>A tenant without a waiting job gets one place even in a full queue (up to twice
    /// <see cref="MaxQueueSize"/> in all), and tenants take turns.</remarks>
    public int? MaxQueuedPerTenant { get; init; }

    /// <summary>Workers that one tenant may hold at once. Range: 1 to <see cref="MaxWorkers"/>. Default: null, all.</summary>
    public int? MaxWorkersPerTenant { get; init; }

    /// <summary>
    /// Unbound workers kept ready at levels where a worker serves one tenant (STRICT and SECURE). Range: 0 to <see cref="MaxWorkers"/>. Default: 1.
    /// </summary>
    public int SpareWorkers { get; init; } = 1;

    /// <summary>
    /// Runs that may leave their workers while they wait for tools, so that other runs get the workers. Range: 0 to 100,000. Default: 0, no run leaves:
    /// <see cref="MaxWorkers"/> then bounds the runs in progress, and with them the load on tools.
    /// </summary>
    /// <remarks>
    /// A run leaves when another one waits for a worker, and it has waited for its tools for 10 ms. The host keeps what the run changed in its worker's memory:
    /// 30 KB for a small script, up to 1 MB (larger runs stay), 256 MB of all runs. The run continues in a worker of the same nursery, at STRICT and SECURE in
    /// one of its tenant. Only runs of the native engine leave.
    /// </remarks>
    public int MaxParkedRuns { get; init; }

    /// <summary>How long a worker may take to become ready. Range: 100 ms to 5 min. Default: 5 s.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The bounds that the operating system's limits follow.</summary>
    internal PoolBounds Bounds => new(MemoryLimitPerWorker, MaxWorkerAge, MaxWorkers);
}

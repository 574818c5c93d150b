using Enclave.Guard;

namespace Enclave;

/// <summary>How a host runs scripts. Null limits are the level's (docs/levels.md).</summary>
public sealed class EnclaveOptions
{
    private EnclaveAdapter? _adapter;

    /// <summary>Default: <see cref="SecurityLevel.Standard"/>.</summary>
    public SecurityLevel SecurityLevel { get; set; } = SecurityLevel.Standard;

    /// <summary>The rules that scripts are held to. Default: <see cref="GuardPreset.AgentScript"/>, which the level widens (docs/agentscript.md).</summary>
    public GuardPreset Preset { get; set; } = GuardPreset.AgentScript;

    /// <summary>What differs from the preset. Default: nothing.</summary>
    public GuardOptions Guard { get; set; } = GuardOptions.Default;

    /// <summary>True if scripts are judged before they run. Without it they are still parsed, bounded and run as printed; only what happens at run time stands against them. Default: true.</summary>
    public bool Validate { get; set; } = true;

    /// <summary>Memory for accepted scripts, so that a repeated one skips the guard, in bytes. Range: 0 to 4 GB. Default: 32 MB.</summary>
    public long GuardCacheBytes { get; set; } = 32L << 20;

    /// <summary>Scores accepted scripts and blocks or reports what looks wrong (docs/scoring.md). Default: null, no scoring.</summary>
    public ScoringOptions? Scoring { get; set; }

    /// <summary>
    /// Where scripts run. Default: <see cref="EnclaveAdapter.WorkerPool"/> where <see cref="WorkerPool"/> is set and in applications with a container
    /// (<c>AddEnclave</c>); <see cref="EnclaveAdapter.Embedded"/> elsewhere.
    /// </summary>
    public EnclaveAdapter Adapter
    {
        get => _adapter ?? (WorkerPool is null ? UnnamedAdapter : EnclaveAdapter.WorkerPool);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _adapter = value;
        }
    }

    /// <summary>
    /// The pool's sizes and limits. Default: null, the preset of the level. Set, it makes the worker pool the adapter. <see cref="EnclaveAdapter.Embedded"/>
    /// has one worker: with that adapter <see cref="WorkerPoolOptions.MaxWorkers"/> above 1 is refused.
    /// </summary>
    public WorkerPoolOptions? WorkerPool { get; set; }

    /// <summary>Wall time of a run, waits for tools included, waits for approvals not. Range: 1 ms to 24 h. Default by level: 5, 15, 30, 60 s.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>CPU time of a run's script. Range: 1 ms to 24 h. Default: as <see cref="Timeout"/>.</summary>
    public TimeSpan? CpuTimeout { get; set; }

    /// <summary>V8 heap and buffers of a run, in bytes. Range: 8 MB to <see cref="WorkerPoolOptions.MemoryLimitPerWorker"/>. Default: 64 MB, as documented.</summary>
    public long MemoryLimit { get; set; } = 64L << 20;

    /// <summary>Tool calls of a run. Range: 0 to 1,000,000. Default by level: 10, 50, 100, 1000.</summary>
    public int? MaxToolCalls { get; set; }

    /// <summary>Iterations of one loop. Range: 1 to 1,000,000,000. Default by level: 1000, 5000, 10000, 100000. All loops of a run together: 100 times as many.</summary>
    public int? MaxIterations { get; set; }

    /// <summary>Console calls of a run. Range: 0 to 10,000,000. Default by level: 100, 500, 1000, 10000.</summary>
    public int? MaxConsoleCalls { get; set; }

    /// <summary>Console output of a run, in bytes of UTF-8. Range: 0 to half of <see cref="WorkerPoolOptions.MaxMessageBytes"/>. Default by level: 64 KB, 256 KB, 1 MB, 10 MB.</summary>
    public long? MaxConsoleBytes { get; set; }

    /// <summary>Constants that every script finds as globals.</summary>
    public IReadOnlyDictionary<string, object?>? Globals { get; set; }

    /// <summary>Programs that every job finds evaluated, as frozen globals (docs/libraries.md). Range: 16 of 2 MB at most each, 8 MB in all. Default: none.</summary>
    public IReadOnlyList<Library> Libraries { get; set; } = [];

    /// <summary>The registered tools (docs/tools.md). They come before <see cref="ToolHandler"/>. Default: none.</summary>
    public ToolCollection Tools { get; } = [];

    /// <summary>Where the secrets come from that tools name in <see cref="ToolOptions.Secrets"/>; required where a tool names one. Default: null, nowhere.</summary>
    public ISecretSource? Secrets { get; set; }

    /// <summary>Which sequences of tool calls a run may not make, judged by what tools declare (docs/tool-effects.md). Default: null, <see cref="SequencePolicyOptions.Strict"/> at STRICT and <see cref="SequencePolicyOptions.Off"/> elsewhere.</summary>
    public SequencePolicyOptions? SequencePolicy { get; set; }

    /// <summary>Answers calls of tools that are not registered in <see cref="Tools"/>; null refuses them.</summary>
    public ToolHandler? ToolHandler { get; set; }

    /// <summary>Asked before each call of a tool that <see cref="ToolOptions.RequiresApproval"/>; required where there is such a tool. Default: none.</summary>
    /// <remarks>What it throws denies the call and is logged. The wait is not charged to the run's <see cref="Timeout"/>.</remarks>
    public Func<ToolApprovalRequest, ValueTask<ToolApproval>>? OnToolApproval { get; set; }

    /// <summary>Longest wait for <see cref="OnToolApproval"/>. Range: 1 ms to 24 h. Default: 5 minutes, as documented.</summary>
    public TimeSpan ApprovalTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Workers whose run waits for an approval, at most; a call beyond it fails at once. Range: 1 to 256. Default: null, half of <see cref="WorkerPoolOptions.MaxWorkers"/>, and one at least.</summary>
    public int? MaxPendingApprovals { get; set; }

    /// <summary>A second isolate between scripts and tools, with the operator's policy (docs/double-vm.md). Default: null, none.</summary>
    public DoubleVmOptions? DoubleVm { get; set; }

    /// <summary>Keeps large tool results in the host and gives scripts references to them (docs/sidecar.md). Default: off.</summary>
    public SidecarOptions Sidecar { get; set; } = new();

    /// <summary>Keeps a record of every run and every tool call (docs/records.md). Default: null, none.</summary>
    public AuditOptions? Audit { get; set; }

    /// <summary>
    /// True if scripts see the message of whatever a tool throws, as in the documented product; such a message may hold a connection string. Default: false:
    /// they learn that the tool failed, and the exception is logged. A <see cref="ToolException"/> always reaches them.
    /// </summary>
    public bool DetailedToolErrors { get; set; }

    /// <summary>True if errors carry the script's full stack and figures. Never a frame of the host. Default: false.</summary>
    public bool VerboseErrors { get; set; }

    /// <summary>True if traces name the tenant of each run (docs/telemetry.md). Metrics never do. Default: false.</summary>
    public bool TraceTenant { get; set; }

    /// <summary>Mandatory layers of the level that this operator runs without. Logged, and shown in every report. Default: none.</summary>
    public IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; set; } = [];

    /// <summary>How often the host compares a worker's memory with its checkpoint before the next job. Default: as the level says.</summary>
    /// <remarks>
    /// A difference is a <see cref="SecurityEventKind.MemoryMismatch"/> and the worker's end. One comparison takes about 0.7 ms, in which the worker
    /// takes no job; no caller waits for it. Needs a host that may read its workers' memory; the isolation report says whether it is done.
    /// </remarks>
    public ResetComparison ResetComparison { get; set; } = ResetComparison.ByLevel;

    /// <summary>Called when a worker's life ended, off the job's path. What it throws is logged.</summary>
    public Action<RecycleReason>? OnWorkerRecycled { get; set; }

    /// <summary>Called for every violation of the protocol, forbidden system call and mismatch of isolation, off the job's path. All are logged as well. What it throws is logged.</summary>
    public Action<SecurityEvent>? OnSecurityEvent { get; set; }

    /// <summary>Called when the pool changed, at most once a second and off the job's path. What it throws is logged.</summary>
    public Action<PoolSnapshot>? OnStatsUpdate { get; set; }

    /// <summary>The folder with the engine (<c>node</c>, <c>libenclave-engine.so</c>, <c>snapshot.bin</c>). Default: null, found as docs/deployment.md says.</summary>
    public string? EngineDirectory { get; set; }

    /// <summary>The clock of queue, idle and age limits. Kill deadlines always follow the machine's monotonic clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The adapter of those who name none: an application serves many callers, a program that makes a host itself often has one.</summary>
    internal EnclaveAdapter UnnamedAdapter { get; set; } = EnclaveAdapter.Embedded;
}

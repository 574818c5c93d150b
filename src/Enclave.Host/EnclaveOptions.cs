using Enclave.Fetch;
using Enclave.Guard;

namespace Enclave;

/// <summary>Options of a host. Limits that are null are the level's (docs/levels.md).</summary>
public sealed class EnclaveOptions
{
    private EnclaveAdapter? _adapter;
    private ToolDefinition? _fetch;
    private GuardPreset? _preset;

    /// <summary>Default: <see cref="SecurityLevel.Standard"/>.</summary>
    public SecurityLevel SecurityLevel { get; set; } = SecurityLevel.Standard;

    /// <summary>
    /// The rules for scripts. Default: <see cref="GuardPreset.AgentScript"/>; lower levels allow more of it (docs/agentscript.md). What runs code of models
    /// (docs/code-mode.md) takes <see cref="GuardPreset.JavaScript"/> where nothing is set.
    /// </summary>
    public GuardPreset Preset
    {
        get => _preset ?? GuardPreset.AgentScript;
        set => _preset = value;
    }

    /// <summary>The rules for the script of a run. A model's code has the whole language, unless the application or the run has chosen rules.</summary>
    internal GuardPreset PresetOf(RunOptions? run) => run?.Preset ?? _preset ?? (run is { IsOfModel: true } ? GuardPreset.JavaScript : GuardPreset.AgentScript);

    /// <summary>Changes to the preset. Default: none.</summary>
    public GuardOptions Guard { get; set; } = GuardOptions.Default;

    /// <summary>
    /// True if scripts are checked before they run. Otherwise they are still parsed, limited and run as
    /// printed, and only the protections at run time apply. Default: true.
    /// </summary>
    public bool Validate { get; set; } = true;

    /// <summary>
    /// Memory for accepted scripts of each set of rules in use, in bytes. A repeated script then skips the guard. Range: 0 to 4 GB. Default: 32 MB.
    /// </summary>
    public long GuardCacheBytes { get; set; } = 32L << 20;

    /// <summary>Scores accepted scripts, and blocks or reports suspicious ones (docs/scoring.md). Default: null, no scoring.</summary>
    public ScoringOptions? Scoring { get; set; }

    /// <summary>
    /// The workers that run scripts. Default: <see cref="EnclaveAdapter.WorkerPool"/> if <see cref="WorkerPool"/> is set and in applications with a container
    /// (<c>AddEnclave</c>); otherwise <see cref="EnclaveAdapter.Embedded"/>.
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
    /// The pool's sizes and limits. Default: null, the level's preset. Setting it makes the worker pool the adapter. <see cref="EnclaveAdapter.Embedded"/>
    /// has one worker: with it, <see cref="WorkerPoolOptions.MaxWorkers"/> above 1 is refused.
    /// </summary>
    public WorkerPoolOptions? WorkerPool { get; set; }

    /// <summary>Wall time of a run, including waits for tools, but not for approvals. Range: 1 ms to 24 h. Default by level: 5, 15, 30, 60 s.</summary>
    public TimeSpan? Timeout { get => Limits.Timeout; set => Limits = Limits with { Timeout = value }; }

    /// <summary>
    /// CPU time of a run in its worker: the script, reading and writing its values, and polling for quick tool answers (at most
    /// 60 µs each). Range: 1 ms to 24 h. Default: the same as
    /// <see cref="Timeout"/>.
    /// </summary>
    public TimeSpan? CpuTimeout { get => Limits.CpuTimeout; set => Limits = Limits with { CpuTimeout = value }; }

    /// <summary>
    /// V8 heap and buffers of a run, in bytes. Range: 8 MB to <see cref="WorkerPoolOptions.MemoryLimitPerWorker"/>. Default: 64 MB, as documented.
    /// </summary>
    public long MemoryLimit { get => Limits.MemoryLimit.GetValueOrDefault(); set => Limits = Limits with { MemoryLimit = value }; }

    /// <summary>Tool calls of a run. Range: 0 to 1,000,000. Default by level: 10, 50, 100, 1000.</summary>
    public int? MaxToolCalls { get => Limits.MaxToolCalls; set => Limits = Limits with { MaxToolCalls = value }; }

    /// <summary>
    /// Iterations of one loop. Range: 1 to 1,000,000,000. Default by level: 1000, 5000, 10000, 100000. All loops of a run together: 100 times as many.
    /// </summary>
    public int? MaxIterations { get => Limits.MaxIterations; set => Limits = Limits with { MaxIterations = value }; }

    /// <summary>Console calls of a run. Range: 0 to 10,000,000. Default by level: 100, 500, 1000, 10000.</summary>
    public int? MaxConsoleCalls { get => Limits.MaxConsoleCalls; set => Limits = Limits with { MaxConsoleCalls = value }; }

    /// <summary>
    /// Console output of a run, in bytes of UTF-8. Range: 0 to half of
    /// <see cref="WorkerPoolOptions.MaxMessageBytes"/>. Default by level: 64 KB, 256 KB, 1 MB, 10 MB.
    /// </summary>
    public long? MaxConsoleBytes { get => Limits.MaxConsoleBytes; set => Limits = Limits with { MaxConsoleBytes = value }; }

    /// <summary>Constants that every script finds as globals.</summary>
    public IReadOnlyDictionary<string, object?>? Globals { get; set; }

    /// <summary>
    /// Programs that are evaluated before every job, as frozen globals (docs/libraries.md). Range: 16 of at most 2 MB each, 8 MB in all. Default: none.
    /// </summary>
    public IReadOnlyList<Library> Libraries { get; set; } = [];

    /// <summary>Gives scripts <c>fetch</c> for these origins, as a tool of this name among <see cref="Tools"/> (docs/fetch.md). Default: null, off.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or there is a tool named <c>fetch</c>.</exception>
    public FetchOptions? Fetch
    {
        get;
        set
        {
            ToolDefinition? tool = value is null ? null : FetchTool.Of(value);
            Tools.Replace(_fetch, tool);
            (field, _fetch) = (value, tool);
        }
    }

    /// <summary>The registered tools (docs/tools.md). They come before <see cref="ToolHandler"/>. Default: none.</summary>
    public ToolCollection Tools { get; } = [];

    /// <summary>The source of the secrets that tools name in <see cref="ToolOptions.Secrets"/>. Required if a tool names one. Default: null, none.</summary>
    public ISecretSource? Secrets { get; set; }

    /// <summary>
    /// Sequences of tool calls that a run may not make, by the tools' declarations (docs/tool-effects.md). Default: null,
    /// <see cref="SequencePolicyOptions.Strict"/> at STRICT and <see cref="SequencePolicyOptions.Off"/> at other levels.
    /// </summary>
    public SequencePolicyOptions? SequencePolicy { get; set; }

    /// <summary>Answers calls of tools that are not registered in <see cref="Tools"/>. If null, such calls are refused.</summary>
    public ToolHandler? ToolHandler { get; set; }

    /// <summary>Called before each call of a tool with <see cref="ToolOptions.RequiresApproval"/>. Required if there is such a tool. Default: none.</summary>
    /// <remarks>If it throws, the call is denied and the exception is logged. The wait does not count toward the run's <see cref="Timeout"/>.</remarks>
    public Func<ToolApprovalRequest, ValueTask<ToolApproval>>? OnToolApproval { get; set; }

    /// <summary>Longest wait for <see cref="OnToolApproval"/>. Range: 1 ms to 24 h. Default: 5 minutes, as documented.</summary>
    public TimeSpan ApprovalTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Most workers whose run may wait for an approval. A further call fails at once. Range: 1 to 256. Default: null, half of
    /// <see cref="WorkerPoolOptions.MaxWorkers"/>, at least one.
    /// </summary>
    public int? MaxPendingApprovals { get; set; }

    /// <summary>A second isolate between scripts and tools, with the operator's policy (docs/double-vm.md). Default: null, none.</summary>
    public DoubleVmOptions? DoubleVm { get; set; }

    /// <summary>Keeps large tool results in the host and gives scripts references to them (docs/sidecar.md). Default: off.</summary>
    public SidecarOptions Sidecar { get; set; } = new();

    /// <summary>Records every run and every tool call (docs/records.md). Default: null, off.</summary>
    public AuditOptions? Audit { get; set; }

    /// <summary>
    /// True if scripts see the messages of all exceptions of tools, as in the JavaScript product. Such a message may contain a connection string. Default:
    /// false: scripts learn only that the tool failed, and the exception is logged. A <see cref="ToolException"/> always reaches them.
    /// </summary>
    public bool DetailedToolErrors { get; set; }

    /// <summary>True if errors contain the script's full stack and figures. They never contain a frame of the host. Default: false.</summary>
    public bool VerboseErrors { get; set; }

    /// <summary>True if traces name the tenant of each run (docs/telemetry.md). Metrics never do. Default: false.</summary>
    public bool TraceTenant { get; set; }

    /// <summary>Mandatory layers of the level that this operator runs without. They are logged and shown in every report. Default: none.</summary>
    public IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; set; } = [];

    /// <summary>How often the host compares a worker's memory with its checkpoint before the next job. Default: the level's setting.</summary>
    /// <remarks>
    /// A difference is a <see cref="SecurityEventKind.MemoryMismatch"/> and ends the worker. One comparison takes about 0.7 ms, in which the worker
    /// takes no job; no caller waits for it. Needs a host that may read its workers' memory. The isolation report says if it is active.
    /// </remarks>
    public ResetComparison ResetComparison { get; set; } = ResetComparison.ByLevel;

    /// <summary>Called when a worker has ended, off the job's path. Its exceptions are logged.</summary>
    public Action<RecycleReason>? OnWorkerRecycled { get; set; }

    /// <summary>
    /// Called for every violation of the protocol, forbidden system call and mismatch of isolation, off
    /// the job's path. All are also logged. Its exceptions are logged.
    /// </summary>
    public Action<SecurityEvent>? OnSecurityEvent { get; set; }

    /// <summary>Called when the pool has changed, at most once a second and off the job's path. Its exceptions are logged.</summary>
    public Action<PoolSnapshot>? OnStatsUpdate { get; set; }

    /// <summary>The engine that runs scripts. Default: <see cref="ScriptEngine.Default"/>, native on Linux x64 and portable elsewhere.</summary>
    /// <remarks>With the portable engine no script runs at STRICT and SECURE (<see cref="ErrorCode.IsolationUnavailable"/>).</remarks>
    public ScriptEngine Engine { get; set; }

    /// <summary>
    /// The folder with the engine: the native one's (<c>node</c>, <c>libenclave-engine.so</c>, <c>snapshot.bin</c>), or the portable one's.
    /// Default: null, found as docs/deployment.md and docs/portable-engine.md describe.
    /// </summary>
    public string? EngineDirectory { get; set; }

    /// <summary>The clock for queue, idle and age limits. Kill deadlines always use the machine's monotonic clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The limits of runs that the host sets. <see cref="MemoryLimit"/> is always set; others may be the level's.</summary>
    internal LimitOptions Limits { get; set; } = new() { MemoryLimit = 64L << 20 };

    /// <summary>Judges each run before it begins; null for none.</summary>
    internal Runs.IRunGate? Gate { get; set; }

    /// <summary>The keys of configuration that set these options, with their paths. Messages about a value then name its key.</summary>
    internal List<string> ConfiguredKeys { get; } = [];

    /// <summary>The options of features that lie above the host (<see cref="RunFeatures"/>), by their type. With one, the host uses the features.</summary>
    internal Dictionary<Type, object> Features { get; } = [];

    /// <summary>The default adapter: applications with a container serve many callers, a program that creates a host itself often has only one.</summary>
    internal EnclaveAdapter UnnamedAdapter { get; set; } = EnclaveAdapter.Embedded;
}

using Enclave.Libraries;
using Enclave.Models;
using Enclave.Pool;
using Enclave.Tools;
using Enclave.Tools.Sequences;

namespace Enclave;

/// <summary>Makes each part's settings from the host's options. Parts know only their own settings.</summary>
internal static class PartSettings
{
    public static ToolSettings OfTools(EnclaveOptions options, WorkerPoolOptions pool) => new()
    {
        Tools = options.Tools,
        Handler = options.ToolHandler,
        OnApproval = options.OnToolApproval,
        ApprovalTimeout = options.ApprovalTimeout,
        MaxPendingApprovals = options.MaxPendingApprovals ?? Math.Max(1, pool.MaxWorkers / 2),
        Secrets = options.Secrets,
        DetailedErrors = options.DetailedToolErrors,
        VerboseErrors = options.VerboseErrors,
        Clock = options.TimeProvider,
    };

    public static PoolSettings OfPool(EnclaveOptions options, WorkerPoolOptions pool, LibrarySet libraries) => new()
    {
        Sizes = pool,
        Level = options.SecurityLevel,
        MemoryLimit = options.MemoryLimit,
        Comparison = options.ResetComparison,
        Libraries = libraries,
        Clock = options.TimeProvider,
        OnWorkerRecycled = options.OnWorkerRecycled,
        OnSecurityEvent = options.OnSecurityEvent,
        OnStatsUpdate = options.OnStatsUpdate,
    };

    public static SequencePolicy? OfSequences(EnclaveOptions options, Action<SecurityEvent> report) =>
        SequencePolicy.For(Rules(options), options.Tools, options.TimeProvider, report);

    public static ModelSubject OfModels(EnclaveOptions options) =>
        new(options.Tools, Rules(options), options.Libraries, options.Globals, options.ToolHandler is not null);

    private static SequencePolicyOptions Rules(EnclaveOptions options) => SequencePolicy.Rules(options.SequencePolicy, options.SecurityLevel);
}

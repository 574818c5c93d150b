using Enclave.Libraries;

namespace Enclave.Pool;

/// <summary>The settings of a pool.</summary>
internal sealed record PoolSettings
{
    /// <summary>Its sizes and times.</summary>
    public required WorkerPoolOptions Sizes { get; init; }

    /// <summary>The level of its workers.</summary>
    public required SecurityLevel Level { get; init; }

    /// <summary>The heap of a worker, in bytes, for runs without a limit of their own.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary>How often a worker's memory is compared with its checkpoint.</summary>
    public ResetComparison Comparison { get; init; } = ResetComparison.ByLevel;

    /// <summary>Programs that its workers evaluate before their first job.</summary>
    public LibrarySet Libraries { get; init; } = LibrarySet.None;

    /// <summary>The clock of queue, idle and age limits.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>As <see cref="EnclaveOptions.OnWorkerRecycled"/>.</summary>
    public Action<RecycleReason>? OnWorkerRecycled { get; init; }

    /// <summary>As <see cref="EnclaveOptions.OnSecurityEvent"/>.</summary>
    public Action<SecurityEvent>? OnSecurityEvent { get; init; }

    /// <summary>As <see cref="EnclaveOptions.OnStatsUpdate"/>.</summary>
    public Action<PoolSnapshot>? OnStatsUpdate { get; init; }
}

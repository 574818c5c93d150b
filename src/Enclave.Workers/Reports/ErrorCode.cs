using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>Why a run did not succeed. Each code has a page in docs/errors.</summary>
[JsonConverter(typeof(ErrorCodeJsonConverter))]
public enum ErrorCode
{
    /// <summary>VALIDATION_ERROR: the code was refused before it ran.</summary>
    ValidationError = 0,

    /// <summary>TIMEOUT: the wall clock or the CPU limit was reached; <c>Data["reason"]</c> says which.</summary>
    Timeout = 1,

    /// <summary>MAX_TOOL_CALLS: the script made more tool calls, or more at once, than allowed.</summary>
    MaxToolCalls = 2,

    /// <summary>MAX_ITERATIONS: a loop had more iterations than allowed.</summary>
    MaxIterations = 3,

    /// <summary>TOOL_ERROR: a tool failed and the script did not catch it.</summary>
    ToolError = 4,

    /// <summary>MEMORY_LIMIT_EXCEEDED: the script used more memory than its limit.</summary>
    MemoryLimitExceeded = 5,

    /// <summary>SCORING_BLOCKED: the code's risk score reached the threshold.</summary>
    ScoringBlocked = 6,

    /// <summary>RUNTIME_ERROR: the script threw.</summary>
    RuntimeError = 7,

    /// <summary>QUEUE_FULL: the queue is full; the run was refused at once.</summary>
    QueueFull = 8,

    /// <summary>QUEUE_TIMEOUT: no worker was free in time; the job never started.</summary>
    QueueTimeout = 9,

    /// <summary>WORKER_CRASHED: the worker process ended while it held the job, or could not start.</summary>
    WorkerCrashed = 10,

    /// <summary>PROTOCOL_VIOLATION: the worker sent something that no honest worker sends.</summary>
    ProtocolViolation = 11,

    /// <summary>MESSAGE_FLOOD: the script caused more messages per second than allowed.</summary>
    MessageFlood = 12,

    /// <summary>OUTPUT_LIMIT: the value or the console output is larger than its limit.</summary>
    OutputLimit = 13,

    /// <summary>CANCELLED: ended by a broker, an operator or a lost reader.</summary>
    Cancelled = 14,

    /// <summary>POOL_DISPOSED: the host was disposed while the job waited or ran.</summary>
    PoolDisposed = 15,

    /// <summary>ISOLATION_UNAVAILABLE: a mandatory layer of the level cannot be applied on this machine.</summary>
    IsolationUnavailable = 16,

    /// <summary>LIBRARY_FAILED: a library of the host could not be evaluated; no script runs.</summary>
    LibraryFailed = 17,

    /// <summary>REPLAY_DIVERGED: a resumed durable run did not repeat its history. No call was made twice.</summary>
    ReplayDiverged = 18,

    /// <summary>JOURNAL_UNAVAILABLE: the store of durable runs failed, or another host has taken the run.</summary>
    JournalUnavailable = 19,

    /// <summary>SUSPENDED: a durable run was suspended. It has not ended, and continues later.</summary>
    Suspended = 20,

    /// <summary>QUOTA_EXCEEDED: a quota of the tenant is used up; <c>Data</c> says which, and when there is room.</summary>
    QuotaExceeded = 21,

    /// <summary>TENANT_SUSPENDED: the operator has suspended the tenant, or lets its runs come to their end.</summary>
    TenantSuspended = 22,

    /// <summary>TENANT_PAUSED: the operator has paused the tenant, and the run waited as long as it may.</summary>
    TenantPaused = 23,

    /// <summary>TENANT_UNKNOWN: the tenant has no policy, and this host runs scripts of known tenants only.</summary>
    TenantUnknown = 24,

    /// <summary>SHARE_FULL: the tenant has reached its limit of runs at once, or of waiting runs.</summary>
    ShareFull = 25,

    /// <summary>WORKER_UNAVAILABLE: no worker can be started on this machine.</summary>
    WorkerUnavailable = 26,
}

using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>Why a worker ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecycleReason>))]
public enum RecycleReason
{
    /// <summary>It ran <c>WorkerPoolOptions.MaxExecutionsPerWorker</c> jobs.</summary>
    [JsonStringEnumMemberName("executions")]
    Executions = 0,

    /// <summary>
    /// Its job reached its limit of memory. Or, without a job, the worker had grown since its start by more than <c>WorkerPoolOptions.MemoryLimitPerWorker</c>
    /// and 56 MB for the engine.
    /// </summary>
    [JsonStringEnumMemberName("memory")]
    Memory = 1,

    /// <summary>It reached <c>WorkerPoolOptions.MaxWorkerAge</c>.</summary>
    [JsonStringEnumMemberName("age")]
    Age = 2,

    /// <summary>
    /// A job in it reached another limit that ends a run (iterations, tool calls, console output or messages), or it could not reset itself. It is no
    /// longer trusted.
    /// </summary>
    [JsonStringEnumMemberName("poisoned")]
    Poisoned = 3,

    /// <summary>It broke the protocol.</summary>
    [JsonStringEnumMemberName("violation")]
    Violation = 4,

    /// <summary>Its process ended by itself.</summary>
    [JsonStringEnumMemberName("crashed")]
    Crashed = 5,

    /// <summary>It was idle for <c>WorkerPoolOptions.IdleTimeout</c> and the pool had more than <c>WorkerPoolOptions.MinWorkers</c>.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle = 6,

    /// <summary>It was bound to the tenant that was idle longest, and another tenant waited.</summary>
    [JsonStringEnumMemberName("tenant")]
    Tenant = 7,

    /// <summary>It did not become ready.</summary>
    [JsonStringEnumMemberName("start_failed")]
    StartFailed = 8,

    /// <summary>The pool was disposed.</summary>
    [JsonStringEnumMemberName("disposed")]
    Disposed = 9,

    /// <summary>Its job reached its time or its CPU time, or it did not reset itself in time.</summary>
    [JsonStringEnumMemberName("time")]
    Time = 10,
}

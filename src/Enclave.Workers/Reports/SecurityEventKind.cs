using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>Kinds of security events. Honest workers cause none, and honest scripts cause few.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SecurityEventKind>))]
public enum SecurityEventKind
{
    /// <summary>It broke the protocol: <see cref="ErrorCode.ProtocolViolation"/>.</summary>
    [JsonStringEnumMemberName("protocol_violation")]
    ProtocolViolation = 0,

    /// <summary>It made a system call outside of the allowed set, and the kernel ended it.</summary>
    [JsonStringEnumMemberName("forbidden_system_call")]
    ForbiddenSystemCall = 1,

    /// <summary>Its report on its isolation contradicts the kernel.</summary>
    [JsonStringEnumMemberName("isolation_mismatch")]
    IsolationMismatch = 2,

    /// <summary>A file of the engine differs from the one that the host was built with. No worker was started.</summary>
    [JsonStringEnumMemberName("engine_changed")]
    EngineChanged = 3,

    /// <summary>
    /// A script's tool calls made a sequence that <c>EnclaveOptions.SequencePolicy</c> refuses. The call was not made, and the worker continues.
    /// </summary>
    [JsonStringEnumMemberName("tool_sequence_blocked")]
    ToolSequenceBlocked = 4,

    /// <summary>It used CPU time or memory while it had no job, and the host ended it.</summary>
    [JsonStringEnumMemberName("idle_activity")]
    IdleActivity = 5,

    /// <summary>After a job and its reset, its memory differed from its checkpoint. The host ended it before another job.</summary>
    [JsonStringEnumMemberName("memory_mismatch")]
    MemoryMismatch = 6,
}

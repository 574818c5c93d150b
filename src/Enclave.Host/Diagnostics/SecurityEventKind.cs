using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>What no honest worker does, and what few honest scripts do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SecurityEventKind>))]
public enum SecurityEventKind
{
    /// <summary>It broke the protocol: <see cref="ErrorCode.ProtocolViolation"/>.</summary>
    [JsonStringEnumMemberName("protocol_violation")]
    ProtocolViolation = 0,

    /// <summary>It made a system call that is not in the set, and the kernel ended it.</summary>
    [JsonStringEnumMemberName("forbidden_system_call")]
    ForbiddenSystemCall = 1,

    /// <summary>What it said of its isolation is not what the kernel shows.</summary>
    [JsonStringEnumMemberName("isolation_mismatch")]
    IsolationMismatch = 2,

    /// <summary>A file of the engine is not the one the host was built with. No worker was started.</summary>
    [JsonStringEnumMemberName("engine_changed")]
    EngineChanged = 3,

    /// <summary>A script's tool calls made a sequence that <see cref="EnclaveOptions.SequencePolicy"/> refuses. The call was not made; the worker goes on.</summary>
    [JsonStringEnumMemberName("tool_sequence_blocked")]
    ToolSequenceBlocked = 4,

    /// <summary>It used CPU time or memory while it had no job, and the host ended it.</summary>
    [JsonStringEnumMemberName("idle_activity")]
    IdleActivity = 5,

    /// <summary>Its memory was not as at its checkpoint when a job had ended and it had reset itself. No further job meets it: the host ended it.</summary>
    [JsonStringEnumMemberName("memory_mismatch")]
    MemoryMismatch = 6,
}

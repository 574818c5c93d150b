using System.Text;
using System.Text.Json.Serialization;
using Enclave.Audit;

namespace Enclave;

/// <summary>One record of the audit. Members that do not belong to its kind are null and left out of the JSON.</summary>
public sealed record AuditRecord
{
    /// <summary>The version of this format: 1. Members may be added; existing ones keep their meaning.</summary>
    [JsonPropertyName("v")]
    [JsonPropertyOrder(-1)]
    public int Version { get; init; } = 1;

    /// <summary>The host that wrote it: 32 random digits for each <see cref="EnclaveHost"/>.</summary>
    public required string Host { get; init; }

    /// <summary>Counts a host's records from 1 without gaps.</summary>
    public long Sequence { get; init; }

    /// <summary>The time at which the run or call ended, or of the act.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The kind of record.</summary>
    public required AuditRecordKind Kind { get; init; }

    /// <summary>The run's number in its host, from 1.</summary>
    public long? Job { get; init; }

    /// <summary>The run's id: <see cref="ExecutionResult.RunId"/>.</summary>
    public string? RunId { get; init; }

    /// <summary>The run's <see cref="RunOptions.Tenant"/>.</summary>
    public string? Tenant { get; init; }

    /// <summary>The version of the tenant's policy that judged the run (docs/tenants.md).</summary>
    public string? PolicyVersion { get; init; }

    /// <summary>The run's <see cref="RunOptions.SourceName"/>.</summary>
    public string? Source { get; init; }

    /// <summary>SHA-256 of the program as given, in UTF-8; hexadecimal, lower case.</summary>
    public string? CodeSha256 { get; init; }

    /// <summary>The host's level.</summary>
    public SecurityLevel? Level { get; init; }

    /// <summary>True for a replay, whose tools were not called; otherwise null.</summary>
    public bool? Replay { get; init; }

    /// <summary>
    /// For a run: <c>OK</c>, a documented error code, or <c>CALLER_CANCELLED</c>. For a tool call: <c>OK</c>,
    /// <c>TOOL_ERROR</c>, or <c>ABANDONED</c> if its run ended first.
    /// </summary>
    public string? Outcome { get; init; }

    /// <summary>From submission to start.</summary>
    [JsonPropertyName("queueMs")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? QueueWait { get; init; }

    /// <summary>For a run from its start, for a tool call from its arrival, to its end.</summary>
    [JsonPropertyName("durationMs")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? Duration { get; init; }

    /// <summary>CPU time of the run's script.</summary>
    [JsonPropertyName("cpuMs")]
    [JsonConverter(typeof(MillisecondsConverter))]
    public TimeSpan? CpuTime { get; init; }

    /// <summary>The number of the run's tool calls, each of which has a record.</summary>
    public int? ToolCalls { get; init; }

    /// <summary>The worker that ran it; 0 if none did.</summary>
    [JsonPropertyName("worker")]
    public int? WorkerId { get; init; }

    /// <summary>The isolation of the worker: <see cref="ExecutionStats.Isolation"/>.</summary>
    public string? Isolation { get; init; }

    /// <summary>The number of the tool call, or of the answered one, in its run, from 1.</summary>
    public long? Call { get; init; }

    /// <summary>The tool's name as the script gave it.</summary>
    public string? Tool { get; init; }

    /// <summary>The arguments as JSON, by <see cref="AuditOptions.Arguments"/>.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Arguments { get; init; }

    /// <summary>SHA-256 of the arguments' JSON, by <see cref="AuditOptions.Arguments"/>; hexadecimal, lower case.</summary>
    public string? ArgumentsSha256 { get; init; }

    /// <summary>Length of the arguments' JSON in UTF-8.</summary>
    public int? ArgumentBytes { get; init; }

    /// <summary>The <see cref="ToolException.Code"/> of a failed tool.</summary>
    public string? ToolErrorCode { get; init; }

    /// <summary>The name of the durable run; <c>*</c> for all.</summary>
    public string? Durable { get; init; }

    /// <summary>
    /// The act of a durable run: <c>start</c>, <c>suspend</c>, <c>answer</c> (to the call and the tool or signal of this record), <c>resume</c>,
    /// <c>continue</c> (it starts over), <c>end</c>, <c>cancel</c>, <c>accept</c> (after its database was restored), <c>delete</c>.
    /// </summary>
    public string? Act { get; init; }

    /// <summary>The number of dropped records, or of accepted runs.</summary>
    public long? Count { get; init; }

    /// <summary>Returns this record as JSON on one line, without the line feed.</summary>
    public string ToJsonString() => Encoding.UTF8.GetString(AuditJson.ToUtf8(this).Span);
}

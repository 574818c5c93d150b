using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>The kind of an audit record.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditRecordKind>))]
public enum AuditRecordKind
{
    /// <summary>A run that has ended, or never began.</summary>
    [JsonStringEnumMemberName("run")]
    Run,

    /// <summary>A tool call that was answered, or whose run ended first.</summary>
    [JsonStringEnumMemberName("tool")]
    ToolCall,

    /// <summary>An act of a durable run, or an answer to it, its end or its removal.</summary>
    [JsonStringEnumMemberName("durable")]
    Durable,

    /// <summary>Records that were dropped since the last one of this kind.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,
}

using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>The kinds of notices in the history of a durable run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>The run went on, and the schema of a tool that its script names was not the one of its start, or the tool was gone.</summary>
    ToolChanged = 0,

    /// <summary>The run is a fork: all before this was copied from the named run.</summary>
    Forked = 1,
}

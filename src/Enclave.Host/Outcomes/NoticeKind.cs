using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>The kinds of notices in the history of a durable run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoticeKind>))]
public enum NoticeKind
{
    /// <summary>The run was continued, and the schema of a tool that its script names was not the one of its start, or the tool was gone.</summary>
    ToolChanged = 0,

    /// <summary>The run is a fork: all before this was copied from the named run.</summary>
    Forked = 1,

    /// <summary>The compensation of a call begins (<see cref="ToolOptions.Compensate"/>).</summary>
    Compensating = 2,

    /// <summary>The call is undone.</summary>
    Compensated = 3,

    /// <summary>The compensation failed, or there was none to call any more: the call is not undone.</summary>
    CompensationFailed = 4,

    /// <summary>The call may be undone or not: the host ended during its compensation, or the database was restored.</summary>
    CompensationUnknown = 5,
}

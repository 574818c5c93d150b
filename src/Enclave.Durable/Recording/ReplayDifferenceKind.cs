using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>The kind of step that a replay did differently.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReplayDifferenceKind>))]
public enum ReplayDifferenceKind
{
    /// <summary>A tool call: its name, its arguments, or its existence.</summary>
    ToolCall,

    /// <summary>A console line: its level, its text, or its existence.</summary>
    ConsoleLine,

    /// <summary>The value of two runs that succeeded.</summary>
    Value,

    /// <summary>The error: its code, name, message or first line of the stack, or its existence.</summary>
    Error,
}

using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>What a replay did differently.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReplayDifferenceKind>))]
public enum ReplayDifferenceKind
{
    /// <summary>A tool call: its name, its arguments, or whether there is one.</summary>
    ToolCall,

    /// <summary>A console line: its level, its text, or whether there is one.</summary>
    ConsoleLine,

    /// <summary>The value of two runs that succeeded.</summary>
    Value,

    /// <summary>The error: code, name, message or first line of the stack, or whether there is one.</summary>
    Error,
}

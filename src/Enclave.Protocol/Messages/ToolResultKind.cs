namespace Enclave.Protocol.Messages;

/// <summary>Whether a tool answered or failed.</summary>
internal enum ToolResultKind
{
    /// <summary>The tool's value.</summary>
    Value = 0,

    /// <summary>The tool's failure.</summary>
    Error = 1,
}

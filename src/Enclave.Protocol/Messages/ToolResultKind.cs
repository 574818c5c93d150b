namespace Enclave.Protocol.Messages;

/// <summary>Whether a tool answered or failed.</summary>
internal enum ToolResultKind
{
    Value = 0,
    Error = 1,
}

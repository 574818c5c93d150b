namespace Enclave.Mcp;

/// <summary>
/// Which tools of a server need an approval (<see cref="EnclaveOptions.OnToolApproval"/>), decided by the hints that the server gives. A server may give false
/// hints.
/// </summary>
public enum McpApproval
{
    /// <summary>Tools that say they are destructive.</summary>
    WhenDestructive,

    /// <summary>All except tools that say they only read. Use this for servers that others operate.</summary>
    UnlessReadOnly,

    /// <summary>All.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}

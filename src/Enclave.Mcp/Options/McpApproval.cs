namespace Enclave.Mcp;

/// <summary>
/// Which tools of a server need an approval (<see cref="EnclaveOptions.OnToolApproval"/>), decided by the hints that the server gives. A server may give false
/// hints.
/// </summary>
public enum McpApproval
{
    /// <summary>
    /// Tools that declare that they are destructive, or that they write and do not declare that they destroy nothing. Tools without declarations need none.
    /// </summary>
    WhenDestructive,

    /// <summary>
    /// All except tools that declare that they only read: a tool without declarations needs one too. Use this for servers that others operate.
    /// </summary>
    UnlessReadOnly,

    /// <summary>All.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}

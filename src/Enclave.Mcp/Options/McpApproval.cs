namespace Enclave.Mcp;

/// <summary>
/// Which tools of a server need an approval (<see cref="EnclaveOptions.OnToolApproval"/>), decided by the hints that the server gives. A server may give false
/// hints.
/// </summary>
public enum McpApproval
{
    /// <summary>
    /// Tools that say they are destructive, or that they do not only read without saying that they destroy nothing. Tools that say neither need none.
    /// </summary>
    WhenDestructive,

    /// <summary>All except tools that say they only read: a tool that says nothing needs one too. Use this for servers that others operate.</summary>
    UnlessReadOnly,

    /// <summary>All.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}

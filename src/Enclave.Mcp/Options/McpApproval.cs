namespace Enclave.Mcp;

/// <summary>
/// Which tools of a server each need an approval (<see cref="EnclaveOptions.OnToolApproval"/>), by what the server says of them. What a server says may be
/// untrue.
/// </summary>
public enum McpApproval
{
    /// <summary>Tools that say they are destructive.</summary>
    WhenDestructive,

    /// <summary>All but those that say they only read: what a careful operator takes for servers of others.</summary>
    UnlessReadOnly,

    /// <summary>All.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}

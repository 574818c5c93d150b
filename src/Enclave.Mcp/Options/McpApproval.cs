namespace Enclave.Mcp;

/// <summary>
/// Which tools of a server each need an approval (<see cref="EnclaveOptions.OnToolApproval"/>), by what the server says of them. What a server says may be
/// untrue.
/// </summary>
public enum McpApproval
{
    /// <summary>
    /// Tools that say they are destructive, or that they do not only read without saying that they destroy nothing. Tools that say neither need none.
    /// </summary>
    WhenDestructive,

    /// <summary>All but those that say they only read, also those that say nothing: what a careful operator takes for servers of others.</summary>
    UnlessReadOnly,

    /// <summary>All.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}

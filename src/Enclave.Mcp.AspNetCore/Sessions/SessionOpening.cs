namespace Enclave.Mcp.AspNetCore.Sessions;

/// <summary>Whether a session was opened.</summary>
internal enum SessionOpening
{
    /// <summary>It was.</summary>
    Opened,

    /// <summary>Its owner has too many, and all of them are in use.</summary>
    OwnerFull,

    /// <summary>There are too many in all, or the server is stopping.</summary>
    Full,
}

namespace Enclave.Mcp.AspNetCore.Sessions;

/// <summary>The outcome of opening a session.</summary>
internal enum SessionOpening
{
    /// <summary>It was.</summary>
    Opened,

    /// <summary>Its owner has too many, and all of them are in use.</summary>
    OwnerFull,

    /// <summary>There are too many sessions in all, or the server is stopping.</summary>
    Full,
}

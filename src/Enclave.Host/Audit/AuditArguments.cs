namespace Enclave;

/// <summary>What an audit record keeps of a tool call's arguments.</summary>
public enum AuditArguments
{
    /// <summary>Nothing but their length.</summary>
    Omit,

    /// <summary>Length and SHA-256 of their JSON: enough to prove which they were, not to read them.</summary>
    Hash,

    /// <summary>The JSON itself, up to <see cref="AuditOptions.MaxArgumentBytes"/>; above that as <see cref="Hash"/>.</summary>
    Full,
}

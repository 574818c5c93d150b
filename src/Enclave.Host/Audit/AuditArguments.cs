namespace Enclave;

/// <summary>How an audit record stores a tool call's arguments.</summary>
public enum AuditArguments
{
    /// <summary>Only their length.</summary>
    Omit,

    /// <summary>Length and SHA-256 of their JSON: enough to prove them, not to read them.</summary>
    Hash,

    /// <summary>The JSON itself, up to <see cref="AuditOptions.MaxArgumentBytes"/>; above that as <see cref="Hash"/>.</summary>
    Full,
}

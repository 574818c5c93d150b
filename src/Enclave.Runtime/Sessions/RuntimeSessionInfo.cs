namespace Enclave.Runtime;

/// <summary>What may be known of a session from outside.</summary>
/// <param name="SessionId">Its name.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ExpiresAt">When it ends at the latest.</param>
public sealed record RuntimeSessionInfo(string SessionId, RuntimeSessionState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

namespace Enclave.Runtime;

/// <summary>A session, as visible from outside.</summary>
/// <param name="SessionId">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ExpiresAt">When it times out.</param>
public sealed record RuntimeSessionInfo(string SessionId, SessionState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

namespace Enclave.Client;

/// <summary>What a broker tells of a session.</summary>
/// <param name="SessionId">Its name.</param>
/// <param name="State">How far it is.</param>
/// <param name="CreatedAt">When it was made, by the broker's clock.</param>
/// <param name="ExpiresAt">When it ends at the latest, by the broker's clock.</param>
/// <param name="Duration">How long it has run. Upstream's broker counts on after the end.</param>
/// <param name="ToolCallCount">Tool calls of its script. Upstream's broker gives 0 in a list.</param>
public sealed record SessionInfo(string SessionId, SessionState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, TimeSpan Duration, long ToolCallCount)
{
    /// <summary>Where it waits for a worker or a runtime; null when it does not, and where the broker does not say: upstream's does not, and of several on a store only the one that holds the session.</summary>
    public QueuePlace? Queue { get; init; }
}

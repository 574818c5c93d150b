namespace Enclave.Client;

/// <summary>A session as the broker describes it.</summary>
/// <param name="SessionId">Its name.</param>
/// <param name="State">Its state.</param>
/// <param name="CreatedAt">When it was opened, by the broker's clock.</param>
/// <param name="ExpiresAt">When it times out, by the broker's clock.</param>
/// <param name="Duration">How long it has run. Upstream's broker keeps counting after the end.</param>
/// <param name="ToolCallCount">Number of tool calls. Upstream's broker reports 0 in lists.</param>
public sealed record SessionInfo(
    string SessionId, ClientSessionState State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, TimeSpan Duration, long ToolCallCount)
{
    /// <summary>
    /// Its position while it waits for a worker or a runtime; null if it is not waiting, or if the broker does not report it. Upstream's broker does not,
    /// and of brokers with a common store only the one that runs the session does.
    /// </summary>
    public QueuePlace? Queue { get; init; }
}

namespace Enclave.RabbitMq;

/// <summary>How a broker sends its sessions to runtimes over queues.</summary>
public sealed class QueueBrokerOptions : QueueOptions
{
    /// <summary>
    /// Returns the level, class and limits of a tenant's sessions. Called for each session, with null for clients
    /// without a tenant. Default: the same for all, at the host's level.
    /// </summary>
    public Func<string?, QueueTenant>? TenantOf { get; set; }

    /// <summary>
    /// Longest wait of a session between its opening and its start; a shorter session lifetime ends it earlier. Range: 10 ms to 24 h. Default: 30 s, as
    /// in the STANDARD preset. Then the session ends with QUEUE_TIMEOUT.
    /// </summary>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Maximum number of sessions that wait at this broker, for each queue. Range: 0 to 100,000. Default: 500, as in the PERMISSIVE preset. Further
    /// sessions are refused with 503 QUEUE_FULL before their stream begins.
    /// </summary>
    public int MaxWaiting { get; set; } = 500;

    /// <summary>
    /// Maximum number of messages in a queue of the server, over all brokers. Range: 1 to 1,000,000. Default: 1,000. Further runs wait at their broker.
    /// An existing queue keeps the value that it was declared with.
    /// </summary>
    public int MaxQueueLength { get; set; } = 1_000;
}

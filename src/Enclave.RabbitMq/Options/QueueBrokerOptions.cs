namespace Enclave.RabbitMq;

/// <summary>How a broker hands its sessions to runtimes over queues.</summary>
public sealed class QueueBrokerOptions : QueueOptions
{
    /// <summary>Says where a tenant's sessions run and what they may take of the runtimes; asked for each session, with null for the tenant of clients without one. Default: everybody alike, at the host's level.</summary>
    public Func<string?, QueueTenant>? TenantOf { get; set; }

    /// <summary>Longest wait of a session between its opening and its start; its own life may be shorter. Range: 10 ms to 24 h. Default: 30 s, as of the STANDARD preset. Then it ends with QUEUE_TIMEOUT.</summary>
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Sessions that may wait in this broker, for each queue. Range: 0 to 100,000. Default: 500, as of the PERMISSIVE preset. One more is refused with 503 QUEUE_FULL before its stream begins.</summary>
    public int MaxWaiting { get; set; } = 500;

    /// <summary>Messages that a queue of the server may hold, of all brokers. Range: 1 to 1,000,000. Default: 1,000. The server refuses more, and they wait in their broker. A queue that is there keeps what it was made with.</summary>
    public int MaxQueueLength { get; set; } = 1_000;

    /// <summary>How long a runtime may take to end a session that was cancelled or is out of its time. Range: 10 ms to 5 min. Default: 2 s. Then it is told to drop it.</summary>
    public TimeSpan EndTimeout { get; set; } = TimeSpan.FromSeconds(2);
}

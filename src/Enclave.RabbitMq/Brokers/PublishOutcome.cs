namespace Enclave.RabbitMq.Brokers;

/// <summary>What the server said to a run.</summary>
internal enum PublishOutcome
{
    /// <summary>It has it.</summary>
    Confirmed,

    /// <summary>The queue is full.</summary>
    Rejected,

    /// <summary>Nothing is known: the connection went, or the server was silent. It may have it.</summary>
    Unknown,
}

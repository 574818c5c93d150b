namespace Enclave.RabbitMq.Brokers;

/// <summary>The server's answer to a published run.</summary>
internal enum PublishOutcome
{
    /// <summary>The server has it.</summary>
    Confirmed,

    /// <summary>The queue is full.</summary>
    Rejected,

    /// <summary>Unknown: the connection was lost, or the server did not answer. The server may have the run.</summary>
    Unknown,
}

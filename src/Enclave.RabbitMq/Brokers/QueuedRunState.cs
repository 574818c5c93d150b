namespace Enclave.RabbitMq.Brokers;

/// <summary>The state of a run. States follow in this order; only <see cref="Published"/> may go back to <see cref="Waiting"/>.</summary>
internal enum QueuedRunState
{
    /// <summary>In the broker's own queue.</summary>
    Waiting,

    /// <summary>In a queue of the server, or at a runtime that has not asked yet.</summary>
    Published,

    /// <summary>A runtime has the grant: the script may run.</summary>
    Granted,

    /// <summary>It has ended, or is no longer wanted.</summary>
    Ended,
}

namespace Enclave.RabbitMq.Brokers;

/// <summary>Where a run stands. It goes on in this order, and from <see cref="Published"/> back to <see cref="Waiting"/>.</summary>
internal enum QueuedRunState
{
    /// <summary>In the broker's own queue.</summary>
    Waiting,

    /// <summary>In a queue of the server, or with a runtime that has not asked yet.</summary>
    Published,

    /// <summary>A runtime was told that it may begin: the script may run.</summary>
    Granted,

    /// <summary>It has ended, or nobody wants it any more.</summary>
    Over,
}

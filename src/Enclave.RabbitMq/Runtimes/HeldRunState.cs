namespace Enclave.RabbitMq.Runtimes;

/// <summary>The state of a run at a runtime.</summary>
internal enum HeldRunState
{
    /// <summary>The broker was asked whether it may begin.</summary>
    Asked,

    /// <summary>The runtime is stopping, has returned the run to the broker, and waits for the broker's answer.</summary>
    Returning,

    /// <summary>It may begin, and its delivery is acknowledged.</summary>
    Begun,

    /// <summary>It has ended, or will not begin.</summary>
    Ended,
}

namespace Enclave.RabbitMq.Runtimes;

/// <summary>The state of a run at a runtime.</summary>
internal enum HeldRunState
{
    /// <summary>The broker was asked whether it may begin.</summary>
    Asked,

    /// <summary>The runtime is stopping and has told the broker that it will not begin; it waits for the answer.</summary>
    Returning,

    /// <summary>It may begin, and its delivery is acknowledged.</summary>
    Begun,

    /// <summary>It has ended, or will not begin.</summary>
    Ended,
}

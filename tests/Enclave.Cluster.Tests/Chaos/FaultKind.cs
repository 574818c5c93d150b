namespace Enclave.Cluster.Tests.Chaos;

/// <summary>What is done to the cluster.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL, and a start after a while.</summary>
    KillBroker,

    KillRuntime,

    /// <summary>SIGTERM, and a start when it has ended.</summary>
    StopBroker,

    /// <summary>SIGSTOP for a while; longer than a lease now and then.</summary>
    PauseBroker,

    PauseRuntime,

    RestartPostgres,

    RestartRabbit,

    /// <summary>SIGKILL of all that it is made of.</summary>
    KillPostgres,

    KillRabbit,

    PausePostgres,

    PauseRabbit,

    /// <summary>What is connected is reset, and nothing new connects.</summary>
    CutLink,

    /// <summary>Nothing passes, and nobody is told.</summary>
    StallLink,

    /// <summary>100 ms more each way, and 40 KB a second.</summary>
    SlowLink,

    /// <summary>The clock of a broker or a runtime is an hour off, or a minute.</summary>
    StepClock,
}

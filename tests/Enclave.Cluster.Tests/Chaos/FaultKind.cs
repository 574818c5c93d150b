namespace Enclave.Cluster.Tests.Chaos;

/// <summary>The kinds of faults.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL, and a restart after a while.</summary>
    KillBroker,

    KillRuntime,

    /// <summary>SIGTERM, and a restart after it has ended.</summary>
    StopBroker,

    /// <summary>SIGSTOP for a while, sometimes longer than a lease.</summary>
    PauseBroker,

    PauseRuntime,

    RestartPostgres,

    RestartRabbit,

    /// <summary>SIGKILL of all its processes.</summary>
    KillPostgres,

    KillRabbit,

    PausePostgres,

    PauseRabbit,

    /// <summary>Connections are reset, and new ones are refused.</summary>
    CutLink,

    /// <summary>Nothing passes, and neither end is notified.</summary>
    StallLink,

    /// <summary>100 ms more in each direction, and 40 KB per second.</summary>
    SlowLink,

    /// <summary>The clock of a broker or a runtime is wrong by an hour or a minute.</summary>
    StepClock,
}

namespace Enclave.Tenants;

/// <summary>The measure that a quota counts.</summary>
public enum QuotaMeasure
{
    /// <summary>Runs. A run that no worker began is given back.</summary>
    Runs,

    /// <summary>CPU time of workers, in seconds, as the operating system counts it.</summary>
    CpuSeconds,

    /// <summary>Time on a worker, in seconds, waits for tools included.</summary>
    WorkerSeconds,

    /// <summary>Tool calls.</summary>
    ToolCalls,

    /// <summary>Bytes between host and worker, both ways. They are known when a run has ended: a run begins while there is room for one byte.</summary>
    Bytes,
}

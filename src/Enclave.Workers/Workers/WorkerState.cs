namespace Enclave.Workers;

/// <summary>The state of a worker. It only moves forward, except between idle and busy.</summary>
internal enum WorkerState
{
    /// <summary>Started, not ready yet.</summary>
    Starting,

    /// <summary>Ready, without a job.</summary>
    Idle,

    /// <summary>Has a job.</summary>
    Busy,

    /// <summary>Its job has its answer, and its memory is compared before the next one.</summary>
    Compared,

    /// <summary>Ordered to leave; takes no job.</summary>
    Leaving,

    /// <summary>Its last job ended at a limit and has its answer. It is killed in a moment.</summary>
    Condemned,

    /// <summary>Killed, perhaps not gone yet.</summary>
    Killed,

    /// <summary>Gone and reaped.</summary>
    Gone,
}

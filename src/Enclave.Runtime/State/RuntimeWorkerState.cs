namespace Enclave.Runtime;

/// <summary>The state of a runtime. It only moves forward.</summary>
public enum RuntimeWorkerState
{
    /// <summary>Created, not started.</summary>
    Idle,

    /// <summary>Starting.</summary>
    Starting,

    /// <summary>Listening.</summary>
    Running,

    /// <summary>It accepts no more sessions, and waits for the running ones.</summary>
    Stopping,

    /// <summary>It has stopped, or could not start.</summary>
    Stopped,
}

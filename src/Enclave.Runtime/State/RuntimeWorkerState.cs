namespace Enclave.Runtime;

/// <summary>Where a runtime stands. It goes from each to the next and never back.</summary>
public enum RuntimeWorkerState
{
    /// <summary>Made, not started.</summary>
    Idle,

    /// <summary>About to listen.</summary>
    Starting,

    /// <summary>Listening.</summary>
    Running,

    /// <summary>It takes no more sessions, and waits for those that run.</summary>
    Stopping,

    /// <summary>It has stopped, or could not start.</summary>
    Stopped,
}

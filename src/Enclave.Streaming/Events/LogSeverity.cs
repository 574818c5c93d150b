namespace Enclave.Streaming;

/// <summary>The severity of a <see cref="LogEntry"/>.</summary>
public enum LogSeverity
{
    /// <summary>Details for finding faults.</summary>
    Debug,

    /// <summary>Normal operation.</summary>
    Info,

    /// <summary>Needs attention.</summary>
    Warn,

    /// <summary>Something failed.</summary>
    Error,
}

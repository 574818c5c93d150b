namespace Enclave.Streaming;

/// <summary>How much a <see cref="LogEntry"/> matters.</summary>
public enum LogSeverity
{
    /// <summary>For who looks for a fault.</summary>
    Debug,

    /// <summary>As it should be.</summary>
    Info,

    /// <summary>Somebody should look.</summary>
    Warn,

    /// <summary>Something failed.</summary>
    Error,
}

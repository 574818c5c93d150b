namespace Enclave.Protocol.Messages;

/// <summary>How a run ended, as the worker reports it. The numbers are those of <c>ee_status</c> in native/engine.h.</summary>
public enum RunStatus
{
    /// <summary>The script waits for tool results. Never sent in a result.</summary>
    Pending = 0,

    /// <summary>The payload is the program's value.</summary>
    Value = 1,

    /// <summary>The payload is an error: [kind, name, message, stack or nil].</summary>
    Error = 2,

    /// <summary>A limit or a cancel ended it; the payload is a <see cref="StopReason"/>.</summary>
    Stopped = 3,
}

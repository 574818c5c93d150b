using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>The result of handing a session to a runtime.</summary>
internal sealed record RuntimeOpening
{
    /// <summary>The session did not begin, and another target may take it.</summary>
    public static RuntimeOpening NotBegun { get; } = new();

    /// <summary>The connection to the runtime that runs the session; null if none does.</summary>
    public IRuntimeConnection? Connection { get; private init; }

    /// <summary>Why the session will not run on any target; null otherwise.</summary>
    public ErrorInfo? Refusal { get; private init; }

    /// <summary>The session runs.</summary>
    public static RuntimeOpening Begun(IRuntimeConnection connection) => new() { Connection = connection };

    /// <summary>The runtime refused the session for a reason that holds at every runtime.</summary>
    public static RuntimeOpening Refused(string code, string message) => new() { Refusal = new ErrorInfo(message, code) };
}

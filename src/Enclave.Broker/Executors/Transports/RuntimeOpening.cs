using Enclave.Streaming;

namespace Enclave.Broker.Executors.Transports;

/// <summary>What came of handing a session over.</summary>
internal sealed record RuntimeOpening
{
    /// <summary>It did not begin here, and another place may take it.</summary>
    public static RuntimeOpening NotBegun { get; } = new();

    /// <summary>The line to the runtime that has it; null when none does.</summary>
    public IRuntimeConnection? Line { get; private init; }

    /// <summary>Why it will not run at all; null when that is not so.</summary>
    public ErrorInfo? Refusal { get; private init; }

    public static RuntimeOpening Begun(IRuntimeConnection line) => new() { Line = line };

    public static RuntimeOpening Refused(string code, string message) => new() { Refusal = new ErrorInfo(message, code) };
}

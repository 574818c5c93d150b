using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>What a session runs, and with what.</summary>
internal sealed record SessionPlan
{
    public required string Id { get; init; }

    public required string Code { get; init; }

    /// <summary>Its limits, the defaults among them.</summary>
    public required SessionLimits Limits { get; init; }

    /// <summary>The same, as the host takes them.</summary>
    public required EnclaveSessionOptions Options { get; init; }

    /// <summary>Bytes that one of its events may take.</summary>
    public long MaxEventBytes { get; init; } = long.MaxValue;

    /// <summary>Tells its calls from those of other sessions.</summary>
    public required string CallScope { get; init; }
}

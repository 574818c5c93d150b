using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>The script, limits and options of a session.</summary>
internal sealed record SessionPlan
{
    public required string Id { get; init; }

    public required string Code { get; init; }

    /// <summary>Its limits, including defaults.</summary>
    public required SessionLimits Limits { get; init; }

    /// <summary>The same limits as options of the host.</summary>
    public required EnclaveSessionOptions Options { get; init; }

    /// <summary>Maximum size of one of its events, in bytes.</summary>
    public long MaxEventBytes { get; init; } = long.MaxValue;

    /// <summary>Distinguishes its calls from those of other sessions.</summary>
    public required string CallScope { get; init; }
}

namespace Enclave.Runtime.Tests.Captures;

/// <summary>What differs from a recording, on purpose.</summary>
internal sealed record Deviation
{
    public required string Scenario { get; init; }

    public required string Reason { get; init; }

    /// <summary>What runs in place of the recorded code; null for the recorded code.</summary>
    public string? Code { get; init; }

    /// <summary>Events that we send and the recording has not, by type, in the order in which they come.</summary>
    public string[] Extra { get; init; } = [];

    /// <summary>The last event as JSON without its stats and texts, where it differs; null for the recorded one.</summary>
    public string? Final { get; init; }
}

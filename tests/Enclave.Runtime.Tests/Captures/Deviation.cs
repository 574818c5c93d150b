namespace Enclave.Runtime.Tests.Captures;

/// <summary>An intended difference from a recording.</summary>
internal sealed record Deviation
{
    public required string Scenario { get; init; }

    public required string Reason { get; init; }

    /// <summary>The code to run instead of the recorded code; null for the recorded code.</summary>
    public string? Code { get; init; }

    /// <summary>Types of the events that we send and the recording does not have, in order.</summary>
    public string[] Extra { get; init; } = [];

    /// <summary>The last event as JSON without statistics and messages, if it differs; null for the recorded one.</summary>
    public string? Final { get; init; }
}

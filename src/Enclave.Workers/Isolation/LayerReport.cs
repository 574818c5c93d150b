namespace Enclave;

/// <summary>One layer of one worker, or of a level on this machine.</summary>
public sealed record LayerReport
{
    /// <summary>The layer.</summary>
    public required IsolationLayer Layer { get; init; }

    /// <summary>The level's requirement.</summary>
    public required LayerRequirement Requirement { get; init; }

    /// <summary>Its status.</summary>
    public required LayerStatus Status { get; init; }

    /// <summary>How the status was verified; empty if it was not.</summary>
    public string Method { get; init; } = "";

    /// <summary>How it is applied here, or why it is missing.</summary>
    public string Detail { get; init; } = "";

    /// <summary>How to get it; null if it is active or not available here.</summary>
    public string? Remedy { get; init; }

    /// <summary>True if <c>EnclaveOptions.AllowDegradedIsolation</c> accepts its absence.</summary>
    public bool Accepted { get; init; }
}

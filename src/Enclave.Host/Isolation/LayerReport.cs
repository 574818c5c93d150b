namespace Enclave;

/// <summary>One layer of one worker, or of a level on this machine.</summary>
public sealed record LayerReport
{
    /// <summary>Which.</summary>
    public required IsolationLayer Layer { get; init; }

    /// <summary>How much the level wants it.</summary>
    public required LayerRequirement Requirement { get; init; }

    /// <summary>Whether it holds.</summary>
    public required LayerStatus Status { get; init; }

    /// <summary>How that is known; empty where nothing is.</summary>
    public string Method { get; init; } = "";

    /// <summary>What it consists of here, or why it is not there.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do to get it; null when it is there or cannot be had.</summary>
    public string? Remedy { get; init; }

    /// <summary>True if <see cref="EnclaveOptions.AllowDegradedIsolation"/> accepts its absence.</summary>
    public bool Accepted { get; init; }
}

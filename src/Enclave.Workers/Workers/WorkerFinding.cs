using Enclave.Isolation;

namespace Enclave.Workers;

/// <summary>The isolation of a worker as its host finds it before the first job.</summary>
internal sealed record WorkerFinding
{
    /// <summary>The finding of workers in unit tests, which have no isolation.</summary>
    public static WorkerFinding None { get; } = new();

    /// <summary>Its layers; null if it has none.</summary>
    public IReadOnlyList<LayerReport>? Layers { get; init; }

    /// <summary>The short form of its layers.</summary>
    public string Tag { get; init; } = "none";

    /// <summary>The worker's claim that the kernel contradicts; null if there is none.</summary>
    public string? Mismatch { get; init; }

    /// <summary>The mandatory layer that the host may not inspect, with the remedy; null if there is none, or if its loss is accepted.</summary>
    public string? Unseen { get; init; }

    /// <summary>Why the worker cannot be inspected; null if it can.</summary>
    public string? Fault { get; init; }

    /// <summary>True if the worker ended meanwhile. The kernel's view of a dead process proves nothing, and the worker gets no job.</summary>
    public bool CameTooLate { get; init; }

    public static WorkerFinding Of(IsolationPlan plan, IReadOnlyList<LayerReport> layers) => new() { Layers = layers, Tag = IsolationTag.Of(plan, layers) };
}

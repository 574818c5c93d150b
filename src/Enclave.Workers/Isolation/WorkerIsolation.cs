namespace Enclave;

/// <summary>The isolation of one live worker.</summary>
public sealed record WorkerIsolation
{
    /// <summary>The worker, counted from 1 per host.</summary>
    public required int WorkerId { get; init; }

    /// <summary>Its process id.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The short form that its results have in <c>ExecutionStats.Isolation</c>.</summary>
    public required string Tag { get; init; }

    /// <summary>Every layer, in the order of <see cref="IsolationLayer"/>.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }
}

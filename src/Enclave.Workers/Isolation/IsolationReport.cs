namespace Enclave;

/// <summary>The isolation that this host's level wants, that this machine offers, and that each worker has.</summary>
public sealed record IsolationReport
{
    /// <summary>The host's level.</summary>
    public required SecurityLevel Level { get; init; }

    /// <summary>True if scripts can run: every mandatory layer is available or its absence is accepted.</summary>
    public required bool Available { get; init; }

    /// <summary>This machine's offer for each layer. <see cref="LayerStatus.Active"/> means here that the layer is available.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>The live workers.</summary>
    public required IReadOnlyList<WorkerIsolation> Workers { get; init; }

    /// <summary>The live workers of the outer isolates; empty without <c>EnclaveOptions.DoubleVm</c>.</summary>
    public IReadOnlyList<WorkerIsolation> OuterWorkers { get; init; } = [];

    /// <summary>The basis of the layers: kernel, Landlock version, kind of control groups, engine, hashes of the engine's files and of the filter.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>Risks that no layer covers, in words.</summary>
    public required IReadOnlyList<string> ResidualRisks { get; init; }
}

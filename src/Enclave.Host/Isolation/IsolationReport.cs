namespace Enclave;

/// <summary>What this host's level wants, what this machine gives, and what holds around each worker.</summary>
public sealed record IsolationReport
{
    /// <summary>The host's level.</summary>
    public required SecurityLevel Level { get; init; }

    /// <summary>True if scripts run: every mandatory layer can be had or its absence is accepted.</summary>
    public required bool Available { get; init; }

    /// <summary>What this machine offers for each layer. <see cref="LayerStatus.Active"/> here means that it can be had.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>The live workers.</summary>
    public required IReadOnlyList<WorkerIsolation> Workers { get; init; }

    /// <summary>The live workers of the outer isolates, counted by themselves; empty without <see cref="EnclaveOptions.DoubleVm"/>.</summary>
    public IReadOnlyList<WorkerIsolation> OuterWorkers { get; init; } = [];

    /// <summary>What the layers rest on: kernel, Landlock version, kind of control groups, engine, hashes of the engine's files and of the filter.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>What no layer covers, in words.</summary>
    public required IReadOnlyList<string> ResidualRisks { get; init; }
}

namespace Enclave.Cli.Doctor.Isolation;

/// <summary>The isolation of a level on this machine.</summary>
/// <param name="Report">The required and the active layers.</param>
/// <param name="Fault">Why the script did not run; null if it ran.</param>
internal sealed record LevelFinding(IsolationReport Report, string? Fault)
{
    /// <summary>The layers of the worker that ran. If no worker ran, the layers that this machine offers, none of them verified.</summary>
    public IReadOnlyList<LayerReport> Layers => Report.Workers is [var worker, ..] ? worker.Layers
        : Fault is null ? Report.Layers : [.. Report.Layers.Select(Offered)];

    private static LayerReport Offered(LayerReport layer) =>
        layer.Status == LayerStatus.Active ? layer with { Status = LayerStatus.Unverified } : layer;
}

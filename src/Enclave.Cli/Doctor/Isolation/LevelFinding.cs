namespace Enclave.Cli.Doctor.Isolation;

/// <summary>The isolation of a level on this machine.</summary>
/// <param name="Report">The required and the active layers.</param>
/// <param name="Fault">Why the script did not run; null if it ran.</param>
internal sealed record LevelFinding(IsolationReport Report, string? Fault)
{
    /// <summary>The layers of the worker that ran; without one, those that this machine offers.</summary>
    public IReadOnlyList<LayerReport> Layers => Report.Workers is [var worker, ..] ? worker.Layers : Report.Layers;
}

namespace Enclave.Cli.Doctor.Isolation;

/// <summary>What a level comes to on this machine.</summary>
/// <param name="Report">What it wants and gets.</param>
/// <param name="Fault">Why no script ran; null when one did.</param>
internal sealed record LevelFinding(IsolationReport Report, string? Fault)
{
    /// <summary>What stands around the worker that ran; what the machine offers when none did.</summary>
    public IReadOnlyList<LayerReport> Layers => Report.Workers is [var worker, ..] ? worker.Layers : Report.Layers;
}

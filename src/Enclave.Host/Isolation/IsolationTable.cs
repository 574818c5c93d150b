namespace Enclave.Isolation;

/// <summary>Which layer each level wants (docs/levels.md, "Isolation").</summary>
internal static class IsolationTable
{
    private const LayerRequirement M = LayerRequirement.Mandatory, B = LayerRequirement.BestEffort, O = LayerRequirement.Off;

    /// <summary>A row per layer: STRICT, SECURE, STANDARD, PERMISSIVE.</summary>
    private static readonly (IsolationLayer Layer, LayerRequirement[] ByLevel)[] s_rows =
    [
        (IsolationLayer.OwnProcess, [M, M, M, M]),
        (IsolationLayer.HardenedProcess, [M, M, M, M]),
        (IsolationLayer.ResourceLimits, [M, M, M, B]),
        (IsolationLayer.Seccomp, [M, M, M, B]),
        (IsolationLayer.FileSystem, [M, M, B, O]),
        (IsolationLayer.Namespaces, [M, M, B, O]),
        (IsolationLayer.DroppedUser, [M, M, B, O]),
        (IsolationLayer.Jitless, [M, O, O, O]),
        (IsolationLayer.NoExecutableMemory, [B, O, O, O]),
        (IsolationLayer.NoWebAssembly, [M, M, M, M]),
        (IsolationLayer.CoarseClock, [M, M, O, O]),
        (IsolationLayer.ControlGroup, [B, B, B, O]),
        (IsolationLayer.OneTenant, [M, M, O, O]),
        (IsolationLayer.ProtectedFiles, [M, M, M, M]),
    ];

    public static LayerRequirement Of(SecurityLevel level, IsolationLayer layer) => s_rows[(int)layer].ByLevel[(int)level];

    /// <summary>Every layer, in the order of reports.</summary>
    public static IEnumerable<IsolationLayer> Layers => s_rows.Select((row) => row.Layer);
}

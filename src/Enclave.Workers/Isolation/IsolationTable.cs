namespace Enclave.Isolation;

/// <summary>The layers of isolation and V8's flags, by level. A test compares it with docs/levels.md; limits of runs stand in the host's table.</summary>
internal static class IsolationTable
{
    private const LayerRequirement M = LayerRequirement.Mandatory, B = LayerRequirement.BestEffort, O = LayerRequirement.Off;

    private static readonly string[] s_everyEngine = ["--disallow-code-generation-from-strings", "--enable-experimental-regexp-engine-on-excessive-backtracks"];

    /// <summary>
    /// V8's flags: the compilers at a level. Most escapes come from the optimising ones. On a worker's one thread Maglev keeps long loops in its own code,
    /// which is slower than the next compiler's. Without Maglev, the next compiler starts after 1,000 calls instead of 3,000.
    /// </summary>
    private static readonly string[][] s_flags =
    [
        [.. s_everyEngine, "--jitless"],
        [.. s_everyEngine, "--no-opt", "--no-maglev"],
        [.. s_everyEngine, "--no-maglev", "--invocation-count-for-turbofan=1000"],
        [.. s_everyEngine, "--no-maglev", "--invocation-count-for-turbofan=1000"],
    ];

    /// <summary>The requirement of each layer of isolation by level: STRICT, SECURE, STANDARD, PERMISSIVE.</summary>
    private static readonly (IsolationLayer Layer, LayerRequirement[] ByLevel)[] s_isolation =
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

    /// <summary>Every layer of isolation, in the order of reports.</summary>
    public static IEnumerable<IsolationLayer> Layers
    {
        get
        {
            foreach ((IsolationLayer layer, _) in s_isolation) yield return layer;
        }
    }

    /// <summary>The requirement of a level for a layer of isolation.</summary>
    public static LayerRequirement Requirement(SecurityLevel level, IsolationLayer layer) => s_isolation[(int)layer].ByLevel[(int)level];

    /// <summary>V8's flags at a level.</summary>
    public static IReadOnlyList<string> EngineFlags(SecurityLevel level) => s_flags[(int)level];
}

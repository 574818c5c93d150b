using Enclave.Guard.Options;

namespace Enclave.Limits;

/// <summary>The settings of one security level.</summary>
internal sealed record LevelRow
{
    public required SecurityLevel Level { get; init; }

    /// <summary>The level's row in the guard's table (<c>Enclave.Guard.Presets.GuardLevelTable</c>): how scripts are checked and rewritten.</summary>
    public required GuardLevel Guard { get; init; }

    /// <summary>Limits of one run, and the engine that it gets.</summary>
    public required LevelLimits Run { get; init; }

    /// <summary>The preset of the pool.</summary>
    public required WorkerPoolOptions Pool { get; init; }

    public required SidecarDefaults Sidecar { get; init; }

    /// <summary>The default of the sequence policy: true if sequences of tool calls are checked.</summary>
    public bool HasSequencePolicy { get; init; }
}

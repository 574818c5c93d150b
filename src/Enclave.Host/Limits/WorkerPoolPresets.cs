using Enclave.Limits;

namespace Enclave;

/// <summary>The documented pool presets, one for each level.</summary>
public static class WorkerPoolPresets
{
    /// <summary>2 to 4 workers of 64 MB, 100 jobs each.</summary>
    public static WorkerPoolOptions Strict => LevelTable.Strict.Pool;

    /// <summary>2 to 8 workers of 128 MB, 500 jobs each.</summary>
    public static WorkerPoolOptions Secure => LevelTable.Secure.Pool;

    /// <summary>2 to 16 workers of 256 MB, 1000 jobs each.</summary>
    public static WorkerPoolOptions Standard => LevelTable.Standard.Pool;

    /// <summary>4 to 32 workers of 512 MB, 5000 jobs each.</summary>
    public static WorkerPoolOptions Permissive => LevelTable.Permissive.Pool;

    /// <summary>The preset of a level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static WorkerPoolOptions For(SecurityLevel level) => LevelTable.Of(level).Pool;
}

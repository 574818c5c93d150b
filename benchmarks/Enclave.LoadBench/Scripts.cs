namespace Enclave.LoadBench;

/// <summary>What a workload's scripts are to the guard.</summary>
internal enum Scripts
{
    /// <summary>Judged, and held to the level's iterations, as any user's.</summary>
    Ordinary,

    /// <summary>Bombs, endless loops and long computations: the guard would refuse or end them before what is measured happens.</summary>
    Unguarded,
}

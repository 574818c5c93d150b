namespace Enclave.LoadBench;

/// <summary>How the guard treats a workload's scripts.</summary>
internal enum Scripts
{
    /// <summary>Checked and limited like any user's scripts.</summary>
    Ordinary,

    /// <summary>Unchecked: bombs, endless loops and long computations. The guard would refuse or end them before the measured effect.</summary>
    Unguarded,
}

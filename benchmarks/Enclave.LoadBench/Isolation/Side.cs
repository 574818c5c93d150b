namespace Enclave.LoadBench.Isolation;

/// <summary>One of the two measured hosts.</summary>
internal enum Side
{
    /// <summary>With the level's isolation on this machine.</summary>
    Isolated,

    /// <summary>The same engine, flags and host, without a layer around the worker.</summary>
    Bare,
}

namespace Enclave.LoadBench.Isolation;

/// <summary>Which of two hosts is measured.</summary>
internal enum Side
{
    /// <summary>As the level has it on this machine.</summary>
    Isolated,

    /// <summary>The same engine, flags and host, and no layer around the worker.</summary>
    Bare,
}

namespace Enclave.Workers;

/// <summary>The descriptors of a connection that can be ready.</summary>
[Flags]
internal enum ReadySigns
{
    None = 0,

    /// <summary>The worker has written frames.</summary>
    Output = 1,

    /// <summary>The process has ended.</summary>
    End = 2,

    /// <summary>The worker has written to its log.</summary>
    Log = 4,

    /// <summary>The host has something for the serving thread to do.</summary>
    Wake = 8,

    /// <summary>The worker's pipe takes more of the backlog.</summary>
    Input = 16,

    /// <summary>The first process of the jail has ended.</summary>
    Inner = 32,

    /// <summary>Bubblewrap has reported the worker.</summary>
    Info = 64,
}

namespace Enclave.Isolation.Seccomp;

/// <summary>The process that a filter is for.</summary>
internal enum ProcessRole
{
    /// <summary>It runs scripts.</summary>
    Cell,

    /// <summary>It forks cells, which add their own filter.</summary>
    Nursery,
}

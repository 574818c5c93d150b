namespace Enclave.Isolation.Seccomp;

/// <summary>For which process a filter is made.</summary>
internal enum ProcessRole
{
    /// <summary>It runs scripts.</summary>
    Cell,

    /// <summary>It forks cells, which put their own filter on top of this one.</summary>
    Nursery,
}

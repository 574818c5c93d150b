namespace Enclave.Workers.Comparison;

/// <summary>Which pages of a worker are compared.</summary>
internal enum ComparedPages
{
    /// <summary>
    /// The pages that the worker may change: all except those that the kernel keeps unchanged since the checkpoint (<see cref="MemoryKinds.Sealed"/>).
    /// </summary>
    Changeable,

    /// <summary>All.</summary>
    All,
}

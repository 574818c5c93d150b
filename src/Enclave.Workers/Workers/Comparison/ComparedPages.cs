namespace Enclave.Workers.Comparison;

/// <summary>Which pages of a worker are compared.</summary>
internal enum ComparedPages
{
    /// <summary>Those that the worker may change: all but what the kernel keeps as it was at the checkpoint (<see cref="MemoryKinds.Sealed"/>).</summary>
    Changeable,

    /// <summary>All.</summary>
    All,
}

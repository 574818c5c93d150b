namespace Enclave.Isolation.Seccomp;

/// <summary>Says if memory may become executable after the lock.</summary>
internal enum CodeMemory
{
    /// <summary>Allowed: V8 still compiles.</summary>
    Growing,

    /// <summary>Not allowed.</summary>
    Frozen,
}

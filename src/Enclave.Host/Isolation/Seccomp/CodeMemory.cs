namespace Enclave.Isolation.Seccomp;

/// <summary>Whether memory may become executable after the lock.</summary>
internal enum CodeMemory
{
    /// <summary>It may: V8 or .NET still compile.</summary>
    Growing,

    /// <summary>It may not.</summary>
    Frozen,
}

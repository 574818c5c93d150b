namespace Enclave.Protocol.Messages;

/// <summary>The layers a worker puts on itself. The bits are those of <c>ee_layer</c> in native/engine.h.</summary>
[Flags]
internal enum LockLayers
{
    None = 0,

    /// <summary>Resource limits.</summary>
    Limits = 1,

    /// <summary>A user without groups and capabilities.</summary>
    User = 2,

    /// <summary>The system call filter.</summary>
    Seccomp = 4,

    /// <summary>No memory becomes executable any more.</summary>
    NoExec = 8,

    /// <summary>The filter traps and the worker names what it refused: for learning what it needs.</summary>
    Learning = 16,

    All = Limits | User | Seccomp | NoExec | Learning,
}

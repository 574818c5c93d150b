namespace Enclave.Protocol.Messages;

/// <summary>The restrictions that a worker applies to itself. The bits are those of <c>ee_layer</c> in native/engine.h.</summary>
[Flags]
public enum LockLayers
{
    /// <summary>No layer.</summary>
    None = 0,

    /// <summary>Resource limits.</summary>
    Limits = 1,

    /// <summary>A user without groups and capabilities.</summary>
    User = 2,

    /// <summary>The system call filter.</summary>
    Seccomp = 4,

    /// <summary>No further memory can become executable.</summary>
    NoExec = 8,

    /// <summary>Instead of refusing, the filter traps and the worker reports the system call: for learning which calls it needs.</summary>
    Learning = 16,

    /// <summary>Every layer.</summary>
    All = Limits | User | Seccomp | NoExec | Learning,
}

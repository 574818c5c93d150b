namespace Enclave;

/// <summary>Layers around a worker beyond its own process that a level makes mandatory.</summary>
public enum IsolationLayer
{
    /// <summary>Limits on data, descriptors, file size and CPU set on the process.</summary>
    ResourceLimits = 0,

    /// <summary>An allowlist of system calls that kills by default.</summary>
    Seccomp = 1,

    /// <summary>A root of read-only binds, or Landlock.</summary>
    FileSystem = 2,

    /// <summary>Own network, mount, ipc, uts and pid namespaces.</summary>
    Namespaces = 3,

    /// <summary>A user of its own without capabilities, and no new processes.</summary>
    DroppedUser = 4,

    /// <summary>Clocks too coarse for side channels.</summary>
    CoarseClock = 5,
}

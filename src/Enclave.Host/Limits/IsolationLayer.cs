using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>What stands between a script and the machine. Which of them a level needs: docs/levels.md.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IsolationLayer>))]
public enum IsolationLayer
{
    /// <summary>A process of its own, a kill that needs nobody's help, nothing but pipes, bounded frames. Always there.</summary>
    OwnProcess = 0,

    /// <summary>Empty environment, no inherited descriptor, no_new_privs, not dumpable, no core file, death with the host. Always there.</summary>
    HardenedProcess = 1,

    /// <summary>Limits of the operating system on writable memory, CPU time, descriptors, file size and new processes.</summary>
    ResourceLimits = 2,

    /// <summary>An allowlist of system calls that ends the process at any other.</summary>
    Seccomp = 3,

    /// <summary>No file but the worker's own: a root of read-only binds (bubblewrap), or Landlock.</summary>
    FileSystem = 4,

    /// <summary>Network, mount, ipc, uts and pid namespaces of its own.</summary>
    Namespaces = 5,

    /// <summary>A user of its own, without groups and capabilities.</summary>
    DroppedUser = 6,

    /// <summary>V8 without compilers.</summary>
    Jitless = 7,

    /// <summary>No memory becomes executable after the lock.</summary>
    NoExecutableMemory = 8,

    /// <summary>No WebAssembly.</summary>
    NoWebAssembly = 9,

    /// <summary>A clock in steps of 100 ms, and none of <c>SharedArrayBuffer</c>, <c>Atomics</c>, <c>WeakRef</c> and <c>FinalizationRegistry</c>.</summary>
    CoarseClock = 10,

    /// <summary>A control group that bounds memory, processes and CPU share.</summary>
    ControlGroup = 11,

    /// <summary>A worker serves one tenant in its life.</summary>
    OneTenant = 12,

    /// <summary>
    /// Files that a worker is started from, and folders above them, that nobody may write but root, the host's user and owners of the host's own program.
    /// </summary>
    ProtectedFiles = 13,
}

using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>The layers of isolation around a script. docs/levels.md lists which level needs which.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IsolationLayer>))]
public enum IsolationLayer
{
    /// <summary>Its own process, a kill that needs no cooperation, only pipes, bounded frames. Always applied.</summary>
    OwnProcess = 0,

    /// <summary>Empty environment, no inherited descriptor, no_new_privs, not dumpable, no core file, ends with its host. Always applied.</summary>
    HardenedProcess = 1,

    /// <summary>Limits of the operating system for writable memory, CPU time, descriptors, file size and new processes.</summary>
    ResourceLimits = 2,

    /// <summary>An allowlist of system calls. Any other call ends the process.</summary>
    Seccomp = 3,

    /// <summary>Only the worker's own files: a root of read-only binds (bubblewrap), or Landlock.</summary>
    FileSystem = 4,

    /// <summary>Its own network, mount, ipc, uts and pid namespaces.</summary>
    Namespaces = 5,

    /// <summary>Its own user, without groups and capabilities.</summary>
    DroppedUser = 6,

    /// <summary>V8 without compilers.</summary>
    Jitless = 7,

    /// <summary>No memory becomes executable after the lock.</summary>
    NoExecutableMemory = 8,

    /// <summary>No WebAssembly.</summary>
    NoWebAssembly = 9,

    /// <summary>A clock in steps of 100 ms, without <c>SharedArrayBuffer</c>, <c>Atomics</c>, <c>WeakRef</c> and <c>FinalizationRegistry</c>.</summary>
    CoarseClock = 10,

    /// <summary>A control group that limits memory, processes and CPU share.</summary>
    ControlGroup = 11,

    /// <summary>A worker serves one tenant in its life.</summary>
    OneTenant = 12,

    /// <summary>
    /// Only root, the host's user and owners of the host's own program may write the files that a worker starts from, and the folders above them.
    /// </summary>
    ProtectedFiles = 13,
}

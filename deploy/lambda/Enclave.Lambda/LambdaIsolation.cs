namespace Enclave.Lambda;

/// <summary>The layers that are missing in Lambda, and the protection in their place. An available layer is still used: the list forbids none.</summary>
internal static class LambdaIsolation
{
    public static readonly IReadOnlyCollection<IsolationLayer> Missing =
    [
        // A function may not make user namespaces, so bubblewrap cannot run, and kernels before 5.13 lack Landlock. Instead,
        // the worker's filter refuses to open any file and any socket once it is locked, and the function's own files are
        // read-only to it. Put nothing into the image that a script must not see.
        IsolationLayer.FileSystem,

        // Refused for the same reason. Instead, the filter refuses sockets, signals to others, ptrace and new processes. The micro virtual machine that Lambda
        // makes for each environment isolates all of it.
        IsolationLayer.Namespaces,

        // The function is an ordinary user and cannot become another one. Instead, the worker is not dumpable and its filter refuses signals and ptrace, so the
        // host's user id gives it no access to the host.
        IsolationLayer.DroppedUser,
    ];
}

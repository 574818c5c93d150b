namespace Enclave.Lambda;

/// <summary>What Lambda does not give, and what stands there instead. A layer that is to be had all the same is put on: the list forbids none.</summary>
internal static class LambdaIsolation
{
    public static readonly IReadOnlyCollection<IsolationLayer> Missing =
    [
        // A function may make no user namespace, so there is no bubblewrap, and kernels before 5.13 have no Landlock. Instead: the worker's filter refuses to open any
        // file and any socket once it is locked, and the function's own files are read-only to it. Put nothing into the image that a script must not see.
        IsolationLayer.FileSystem,

        // The same kernel, the same refusal. Instead: the filter refuses sockets, signals to others, ptrace and new processes; the micro virtual machine that Lambda
        // makes for each environment is the wall around all of it.
        IsolationLayer.Namespaces,

        // The function is one ordinary user and cannot become another. Instead: the worker is not dumpable and its filter refuses signals and ptrace, so that having
        // the host's user is of no use to it.
        IsolationLayer.DroppedUser,
    ];
}

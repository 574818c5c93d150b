namespace Enclave.Runtime;

/// <summary>Makes runtimes.</summary>
public static class RuntimeWorkerFactory
{
    /// <summary>A runtime that is not started yet.</summary>
    /// <param name="options">How it listens and what its sessions may take; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public static RuntimeWorker CreateRuntimeWorker(RuntimeWorkerOptions? options = null) => new(options ?? new RuntimeWorkerOptions());
}

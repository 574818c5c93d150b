namespace Enclave.Runtime;

/// <summary>Creates runtimes.</summary>
public static class RuntimeWorkerFactory
{
    /// <summary>Creates a runtime that is not started yet.</summary>
    /// <param name="options">How it listens, and the limits of its sessions; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range. The message names it.</exception>
    public static RuntimeWorker CreateRuntimeWorker(RuntimeWorkerOptions? options = null) => new(options ?? new RuntimeWorkerOptions());
}

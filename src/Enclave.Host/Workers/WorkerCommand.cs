namespace Enclave.Workers;

/// <summary>The command line of a worker. It says nothing of jobs or tenants, and is the same for every worker of a pool.</summary>
internal sealed record WorkerCommand(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    private const string Loader = "/lib64/ld-linux-x86-64.so.2";

    public static WorkerCommand For(EngineFiles files, IReadOnlyList<string> engineFlags) => new(
        Loader,
        // The preload list is split at spaces and colons: the module is named relative to the engine's folder, which may have any name.
        [
            Loader, "--preload", "./libenclave-engine.so", "./node", .. engineFlags,
            "worker", files.FrameworkDirectory, files.WorkerDirectory, "./snapshot.bin", Environment.ProcessId.ToString(),
        ],
        files.EngineDirectory);
}

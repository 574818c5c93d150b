using Enclave.Isolation;
using Enclave.Processes;

namespace Enclave.Workers;

/// <summary>Starts a program for each worker: no nursery, and nothing around it.</summary>
internal sealed class WorkerLauncher(ProcessCommand command) : IWorkerLauncher
{
    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => SpawnThread.Post(() =>
    {
        if (Start(command, null, out string? fault) is { } process) started(process);
        else failed(fault!, ErrorCode.WorkerCrashed);
    });

    /// <summary>
    /// Starts one on this thread. Null when that failed: <paramref name="fault"/> says why, and <paramref name="confinement"/> is still the caller's.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="confinement">What it gets of the machine; null for nothing.</param>
    /// <param name="fault">Why it failed.</param>
    public static SpawnedWorker? Start(ProcessCommand command, Confinement? confinement, out string? fault) =>
        ProcessLauncher.Start(command, out fault) is { } started ? new SpawnedWorker(started, confinement) : null;
}

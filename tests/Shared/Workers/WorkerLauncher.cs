using System.Runtime.Versioning;
using Enclave.Isolation;
using Enclave.Processes;
using Enclave.Workers;

namespace Enclave.Tests;

/// <summary>Starts a program for each worker, without a nursery and without a jail.</summary>
[SupportedOSPlatform("linux")]
internal sealed class WorkerLauncher(ProcessCommand command) : IWorkerLauncher
{
    public Machine Machine => Machine.This;

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => SpawnThread.Post(() =>
    {
        if (Start(command, null, out string? fault) is { } process) started(process);
        else failed(fault!, ErrorCode.WorkerCrashed);
    });

    /// <summary>
    /// Starts a worker on this thread. Null if that fails: <paramref name="fault"/> then has the reason, and the caller keeps <paramref name="confinement"/>.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="confinement">Its resources of the machine; null for none.</param>
    /// <param name="fault">The reason of a failure.</param>
    public static SpawnedWorker? Start(ProcessCommand command, Confinement? confinement, out string? fault) =>
        ProcessLauncher.Start(command, out fault) is { } started ? new SpawnedWorker(started, confinement) : null;
}

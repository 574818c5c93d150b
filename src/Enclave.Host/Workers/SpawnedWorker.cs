using Enclave.Isolation;
using Enclave.Processes;

namespace Enclave.Workers;

/// <summary>A worker that is a program of its own, started by the host and not forked from a nursery.</summary>
/// <param name="started">The process.</param>
/// <param name="confinement">What it holds of the machine; null for nothing.</param>
internal sealed class SpawnedWorker(in StartedProcess started, Confinement? confinement) : SpawnedProcess(started, confinement), IWorkerProcess
{
    public Confinement? Confinement { get; } = confinement;

    public IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => new WorkerConnection(this, Confinement, maxFrameBytes, sink);
}

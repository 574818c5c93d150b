using System.Runtime.Versioning;
using Enclave.Isolation;
using Enclave.Processes;

namespace Enclave.Workers;

/// <summary>A worker that is started as a program, not forked from a nursery.</summary>
/// <param name="started">The process.</param>
/// <param name="confinement">Its resources of the machine; null for none.</param>
[SupportedOSPlatform("linux")]
internal sealed class SpawnedWorker(in StartedProcess started, Confinement? confinement) : SpawnedProcess(started, confinement), IWorkerProcess
{
    public Confinement? Confinement { get; } = confinement;

    IConfinement? IWorkerProcess.Confinement => Confinement;

    public WorkerFinding Inspect(IReadOnlyList<string> claims) => IsolationVerification.Inspect(this, Confinement, claims);

    public IWorkerConnection Connect(int maxFrameBytes, IFrameSink sink) => new WorkerConnection(this, Confinement, maxFrameBytes, sink);
}

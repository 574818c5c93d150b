using Enclave.Isolation;
using Enclave.Workers;

namespace Enclave.LoadBench.Isolation;

/// <summary>Starts workers and remembers the last one.</summary>
internal sealed class RecordingLauncher(IWorkerLauncher inner) : IWorkerLauncher
{
    private ForkedProcess? _last;

    public ForkedProcess Last => Volatile.Read(ref _last) ?? throw new BenchException("no worker was started");

    public Machine Machine => inner.Machine;

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => inner.Launch(
            setup,
        (process) =>
        {
            Volatile.Write(ref _last, (ForkedProcess)process);
            started(process);
        },
        failed);
}

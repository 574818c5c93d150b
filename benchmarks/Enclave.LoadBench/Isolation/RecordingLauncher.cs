using Enclave.Workers;

namespace Enclave.LoadBench.Isolation;

/// <summary>Starts workers and remembers the last one.</summary>
internal sealed class RecordingLauncher(IWorkerLauncher inner) : IWorkerLauncher
{
    private CellProcess? _last;

    public CellProcess Last => Volatile.Read(ref _last) ?? throw new BenchException("no worker was started");

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => inner.Launch(
            setup,
        (process) =>
        {
            Volatile.Write(ref _last, (CellProcess)process);
            started(process);
        },
        failed);
}

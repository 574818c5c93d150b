using Enclave.Isolation;
using Enclave.Workers;

namespace Enclave.Attacks.Tests;

/// <summary>Starts real workers, of which a test changes something.</summary>
/// <param name="real">Starts them.</param>
/// <param name="wrap">Gets the number of the worker, from 1 on, and the worker.</param>
internal sealed class WrappingLauncher(IWorkerLauncher real, Func<int, IWorkerProcess, IWorkerProcess> wrap) : IWorkerLauncher
{
    private int _started;

    public Machine Machine => real.Machine;

    public void ReportTo(ISecurityObserver observer) => real.ReportTo(observer);

    public void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) => real.Launch(setup, Wrap(started), failed);

    public void LaunchFrom(ISharedCheckpoint checkpoint, WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) =>
        real.LaunchFrom(checkpoint, setup, Wrap(started), failed);

    public Task StopAsync() => real.StopAsync();

    private Action<IWorkerProcess> Wrap(Action<IWorkerProcess> started) => (process) => started(wrap(Interlocked.Increment(ref _started), process));
}

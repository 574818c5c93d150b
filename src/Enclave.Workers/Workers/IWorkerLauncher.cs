using Enclave.Isolation;

namespace Enclave.Workers;

/// <summary>Starts worker processes.</summary>
internal interface IWorkerLauncher
{
    /// <summary>The machine's support for isolating workers.</summary>
    Machine Machine { get; }

    /// <summary>Names the observer of signs of an attack at starts. Called once, before the first launch.</summary>
    void ReportTo(ISecurityObserver observer)
    {
    }

    /// <summary>Starts a worker. Never blocks the caller. The callbacks come from the spawning thread.</summary>
    /// <param name="setup">The setup of the worker.</param>
    /// <param name="started">Gets the process.</param>
    /// <param name="failed">Gets the reason of a failure, and the error code for the runs that waited.</param>
    void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed);

    /// <summary>As <see cref="Launch"/>, with a worker that shares this checkpoint.</summary>
    void LaunchFrom(ISharedCheckpoint checkpoint, WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed) =>
        failed("its workers share no checkpoint", ErrorCode.WorkerCrashed);

    /// <summary>Ends helper processes that live between launches. The workers must have ended.</summary>
    Task StopAsync() => Task.CompletedTask;
}

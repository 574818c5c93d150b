using Enclave.Isolation;

namespace Enclave.Workers;

/// <summary>Starts worker processes.</summary>
internal interface IWorkerLauncher
{
    /// <summary>The machine's means to isolate its workers.</summary>
    Machine Machine => Machine.This;

    /// <summary>Gets what starts show of an attack. Set once, before the first launch.</summary>
    Action<SecurityEvent>? Reported
    {
        get => null;
        set { }
    }

    /// <summary>Starts one. Never blocks the caller; the callbacks come from the spawning thread.</summary>
    /// <param name="setup">What it is prepared for.</param>
    /// <param name="started">Gets the process.</param>
    /// <param name="failed">Gets why there is none, and the code of the runs that waited for it.</param>
    void Launch(WorkerSetup setup, Action<IWorkerProcess> started, Action<string, ErrorCode> failed);

    /// <summary>Ends what it keeps running between launches. The workers have ended.</summary>
    Task StopAsync() => Task.CompletedTask;
}

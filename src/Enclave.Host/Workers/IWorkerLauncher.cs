namespace Enclave.Workers;

/// <summary>Starts worker processes.</summary>
internal interface IWorkerLauncher
{
    /// <summary>Starts one. Never blocks the caller; the callbacks come from the spawning thread.</summary>
    void Launch(Action<WorkerProcess> started, Action<string> failed);
}

using Enclave.Isolation;

namespace Enclave.Workers;

/// <summary>Starts worker processes.</summary>
internal interface IWorkerLauncher
{
    /// <summary>What there is to isolate its workers with.</summary>
    Machine Machine => Machine.This;

    /// <summary>Starts one. Never blocks the caller; the callbacks come from the spawning thread.</summary>
    void Launch(Action<IWorkerProcess> started, Action<string> failed);
}

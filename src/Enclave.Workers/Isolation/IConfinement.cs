using Enclave.Protocol.Messages;

namespace Enclave.Isolation;

/// <summary>A worker's resources of the machine, for its host.</summary>
internal interface IConfinement
{
    /// <summary>The priority with which the worker starts.</summary>
    StartPace Pace { get; }

    /// <summary>Gives the worker a low priority until it is warm.</summary>
    void StartAside();

    /// <summary>Raises the priority again when a job waits for the worker.</summary>
    void Hasten();

    /// <summary>True if the system ended the worker because it was out of its memory. Still known after its end.</summary>
    bool WasOutOfMemory { get; }

    /// <summary>The rights that the worker gives up.</summary>
    /// <param name="ownProcess">The worker's id in its own namespace.</param>
    WorkerLock Lock(int ownProcess);
}

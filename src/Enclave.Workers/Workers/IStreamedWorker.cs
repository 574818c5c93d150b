using Enclave.Processes;

namespace Enclave.Workers;

/// <summary>A worker whose frames are streams: a process of any operating system, or a thread in unit tests.</summary>
internal interface IStreamedWorker
{
    /// <summary>Takes the host's frames. May block until the worker has read some.</summary>
    Stream ToWorker { get; }

    /// <summary>The worker's frames. The stream ends when the worker ends.</summary>
    Stream FromWorker { get; }

    /// <summary>The connection is about to listen. This is the first call.</summary>
    void Start();

    void Kill();

    /// <summary>Ends the worker if it has not ended, and waits for its end. The last call.</summary>
    /// <param name="log">The end of its log.</param>
    ProcessExit End(out string log);
}

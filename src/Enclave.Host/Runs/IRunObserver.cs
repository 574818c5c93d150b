namespace Enclave.Runs;

/// <summary>Takes the events of a run as they happen, one after the other.</summary>
/// <remarks>Called on the worker's thread, on the thread pool and on the clock's thread. Implementations must not block or throw.</remarks>
internal interface IRunObserver
{
    /// <summary>Something happened. Events have no number and no time yet.</summary>
    void Take(ExecutionJob job, ExecutionEvent happened);

    /// <summary>The run has its answer, before its caller sees it; null if the caller cancelled it. An event may be on its way at this moment.</summary>
    void Settled(ExecutionJob job, ExecutionResult? result);
}

namespace Enclave.Runs;

/// <summary>Takes the events of a run as they happen, one after the other.</summary>
/// <remarks>Called on the worker's thread, on the thread pool and on the clock's thread. Implementations must not block or throw.</remarks>
internal interface IRunObserver
{
    /// <summary>Something happened. Events have no number and no time yet.</summary>
    void Take(ExecutionJob job, ExecutionEvent happened);

    /// <summary>An event happened again that had happened before the run was suspended. The observer got the event then.</summary>
    /// <param name="job">The run.</param>
    /// <param name="happened">The event.</param>
    /// <param name="repetition">Whether something of it is left to do; never <see cref="Repetition.None"/>.</param>
    void TakeRepeated(ExecutionJob job, ExecutionEvent happened, Repetition repetition)
    {
    }

    /// <summary>The run has its answer, before its caller sees it; null if the caller cancelled it. Events that come afterwards have no effect on it.</summary>
    void Settled(ExecutionJob job, ExecutionResult? result);
}

namespace Enclave.Runs;

/// <summary>What a job came to: the answer, not given yet, and whether its worker may go on.</summary>
internal readonly record struct JobOutcome(ExecutionJob Job, ExecutionResult Result, bool Poisons)
{
    public void Settle() => Job.TrySettle(Result);

    /// <summary>On the thread of the worker that did the job, as soon as nothing else is to be done there.</summary>
    public void Settle(Workers.Worker worker) => Job.TrySettle(Result, worker);
}

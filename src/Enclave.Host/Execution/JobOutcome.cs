namespace Enclave.Execution;

/// <summary>What a job came to: the answer, not given yet, and whether its worker may go on.</summary>
internal readonly record struct JobOutcome(ExecutionJob Job, ExecutionResult Result, bool Poisons)
{
    public void Settle() => Job.TrySettle(Result);
}

namespace Enclave.Workers;

/// <summary>The answer that a job makes of its worker's result.</summary>
/// <param name="Result">The answer, which the job gets with <see cref="IWorkerJob.Settle"/>.</param>
/// <param name="Outcome">The job's effect on its worker.</param>
internal readonly record struct JobAnswer(ExecutionResult Result, JobOutcome Outcome);

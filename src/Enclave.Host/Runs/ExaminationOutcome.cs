using Enclave.Guard;

namespace Enclave.Runs;

/// <summary>The guard's verdict on a large script, or the reason why it was not examined.</summary>
internal sealed class ExaminationOutcome
{
    public ExaminationOutcome(ValidationResult verdict) => Verdict = verdict;

    public ExaminationOutcome(ExecutionError refusal, TimeSpan wait) => (Refusal, Wait) = (refusal, wait);

    /// <summary>Null if the script was not examined.</summary>
    public ValidationResult? Verdict { get; }

    /// <summary>Null if the script was examined.</summary>
    public ExecutionError? Refusal { get; }

    /// <summary>How long a script waited that was not examined.</summary>
    public TimeSpan Wait { get; }
}

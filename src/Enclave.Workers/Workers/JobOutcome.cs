namespace Enclave.Workers;

/// <summary>The effect of a job on its worker.</summary>
internal enum JobOutcome
{
    /// <summary>The worker may continue.</summary>
    Clean,

    /// <summary>The worker reached a limit, or cannot be reset: it takes no other job.</summary>
    Poisoned,
}

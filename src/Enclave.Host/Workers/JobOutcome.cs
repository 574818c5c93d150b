namespace Enclave.Workers;

/// <summary>What a job left of its worker.</summary>
internal enum JobOutcome
{
    /// <summary>The worker may go on.</summary>
    Clean,

    /// <summary>The worker met a limit, or cannot be reset: it takes no other job.</summary>
    Poisoned,
}

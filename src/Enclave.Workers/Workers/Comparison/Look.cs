namespace Enclave.Workers.Comparison;

/// <summary>The result of one look at a worker that has no job.</summary>
internal enum Look
{
    /// <summary>The worker does not wait for a job yet. Look again.</summary>
    TooEarly,

    /// <summary>The worker equals its checkpoint.</summary>
    AsBefore,

    /// <summary>It differs from its checkpoint.</summary>
    Changed,
}

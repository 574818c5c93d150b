namespace Enclave.Workers.Comparison;

/// <summary>The result of one look at a worker that has no job.</summary>
internal enum Look
{
    /// <summary>It does not wait for a job yet. Look again.</summary>
    TooEarly,

    /// <summary>It is as at its checkpoint.</summary>
    AsBefore,

    /// <summary>It differs from its checkpoint.</summary>
    Changed,
}

namespace Enclave.Cli.Batch;

/// <summary>The operation on a job's script.</summary>
internal enum BatchOperation
{
    Run,

    /// <summary>Examine it without running it.</summary>
    Validate,
}

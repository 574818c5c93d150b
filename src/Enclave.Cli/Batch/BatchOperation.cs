namespace Enclave.Cli.Batch;

/// <summary>What is done with a job's script.</summary>
internal enum BatchOperation
{
    Run,

    /// <summary>It is judged, and not run.</summary>
    Validate,
}

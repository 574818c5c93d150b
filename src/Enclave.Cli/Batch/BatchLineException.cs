namespace Enclave.Cli.Batch;

/// <summary>A line that is not a job, with its id if it has one.</summary>
internal sealed class BatchLineException(string message, BatchId id) : Exception(message)
{
    public BatchId Id { get; } = id;
}

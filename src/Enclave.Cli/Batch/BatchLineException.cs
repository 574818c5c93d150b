namespace Enclave.Cli.Batch;

/// <summary>A line that is no job, with the id it has nevertheless.</summary>
internal sealed class BatchLineException(string message, BatchId id) : Exception(message)
{
    public BatchId Id { get; } = id;
}

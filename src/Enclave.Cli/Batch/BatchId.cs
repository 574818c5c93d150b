namespace Enclave.Cli.Batch;

/// <summary>A job's id as its line writes it, a JSON string or number. It is returned unchanged.</summary>
internal readonly record struct BatchId(string Json)
{
    public static BatchId None { get; } = new("null");
}

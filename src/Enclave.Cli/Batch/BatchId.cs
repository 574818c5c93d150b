namespace Enclave.Cli.Batch;

/// <summary>A job's id as its line spells it: a JSON string or number, given back unchanged.</summary>
internal readonly record struct BatchId(string Json)
{
    public static BatchId None { get; } = new("null");
}

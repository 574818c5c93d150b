using Enclave.Guard;

namespace Enclave.Cli.Batch;

/// <summary>One job of a batch. A null member means the value of the command line.</summary>
internal sealed record BatchJob
{
    public required BatchId Id { get; init; }

    public required string Code { get; init; }

    public BatchOperation Operation { get; init; }

    public SecurityLevel? Level { get; init; }

    public GuardPreset? Preset { get; init; }

    public ScriptLanguage? Language { get; init; }

    /// <summary>True if the script is examined before it runs.</summary>
    public bool? Validate { get; init; }

    /// <summary>Its limits and own globals, with its tools as the context.</summary>
    public required RunOptions Run { get; init; }
}

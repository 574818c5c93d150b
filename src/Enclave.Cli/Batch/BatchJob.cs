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

    public TimeSpan? Timeout { get; init; }

    public long? MemoryLimit { get; init; }

    public int? MaxIterations { get; init; }

    public int? MaxToolCalls { get; init; }

    public int? MaxConsoleCalls { get; init; }

    public long? MaxConsoleBytes { get; init; }

    public required IReadOnlyDictionary<string, object?> Globals { get; init; }

    public ToolHandler? Tools { get; init; }
}

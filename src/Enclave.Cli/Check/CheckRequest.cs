using Enclave.Cli.Scripts;
using Enclave.Guard;

namespace Enclave.Cli.Check;

/// <summary>The options of one <c>enclave check</c>.</summary>
internal sealed record CheckRequest
{
    public required ScriptFiles Files { get; init; }

    public required GuardSettings Settings { get; init; }

    public ScriptLanguage? Language { get; init; }

    /// <summary>True if the files are answers of models.</summary>
    public bool FromModel { get; init; }

    /// <summary>Names of globals that the host will provide.</summary>
    public required IReadOnlyCollection<string> Globals { get; init; }

    public required bool Json { get; init; }
}

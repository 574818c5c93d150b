using Enclave.Cli.Options;
using Enclave.Cli.Tools;
using Enclave.Tenants;

namespace Enclave.Cli.Run;

/// <summary>The options of one run.</summary>
internal sealed record RunRequest
{
    /// <summary>A path, or <c>-</c> for standard input; the name of a saved script if <see cref="Saved"/> is set.</summary>
    public required string File { get; init; }

    /// <summary>The store of the saved script; null for a file.</summary>
    public ScriptStore? Saved { get; init; }

    public ScriptLanguage Language { get; init; }

    /// <summary>True if the file is a model's answer.</summary>
    public bool FromModel { get; init; }

    public required HostSettings Host { get; init; }

    public required ToolBox Tools { get; init; }

    public required IReadOnlyDictionary<string, object?> Globals { get; init; }

    public bool Json { get; init; }

    /// <summary>True to print events while it runs, instead of its console and result.</summary>
    public bool Stream { get; init; }

    /// <summary>The name of a durable run; null for another run.</summary>
    public string? Durable { get; init; }

    /// <summary>Keeps the durable run; null for another run.</summary>
    public DurableOptions? Store { get; init; }

    public string? Tenant { get; init; }

    /// <summary>True to stay until a durable run has ended.</summary>
    public bool Wait { get; init; }

    /// <summary>Keeps the run's recording; null to keep none.</summary>
    public KeepRecordings? Keep { get; init; }

    /// <summary>The file for the recording.</summary>
    public string? Record { get; init; }
}

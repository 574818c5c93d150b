using Enclave.Cli.Tools;

namespace Enclave.Cli.Serve;

/// <summary>A broker, as the command line asked for it.</summary>
internal sealed record ServeRequest
{
    public required int Port { get; init; }

    public required string Address { get; init; }

    public string? TokenFile { get; init; }

    /// <summary>The file with the tokens of those who may see the fleet; null for what the environment says, or nobody.</summary>
    public string? OperatorTokenFile { get; init; }

    public required SecurityLevel Level { get; init; }

    /// <summary>Where the sessions run; empty for what the environment says, or here.</summary>
    public required IReadOnlyList<string> Runtimes { get; init; }

    public string? RuntimeTokenFile { get; init; }

    /// <summary>The file with the address of the RabbitMQ server; null for what the environment says, or none.</summary>
    public string? QueueFile { get; init; }

    /// <summary>The file that says where sessions are kept; null for what the environment says, or here.</summary>
    public string? StoreFile { get; init; }

    /// <summary>The file that opens the store as its owner, to migrate it; null for nobody.</summary>
    public string? StoreOwnerFile { get; init; }

    public required ToolBox Tools { get; init; }

    /// <summary>Tools that clients may answer themselves.</summary>
    public IReadOnlyCollection<string> ClientTools { get; init; } = [];

    /// <summary>Services whose operations are tools.</summary>
    public required IReadOnlyList<OpenApiOptions> Services { get; init; }

    /// <summary>The folder with the secrets; null for none.</summary>
    public string? Secrets { get; init; }

    public required IReadOnlyCollection<string> Origins { get; init; }

    public int? MaxSessions { get; init; }

    public int? RequestsPerMinute { get; init; }

    public int? Workers { get; init; }

    public IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; init; } = [];

    /// <summary>The libraries that scripts find as globals.</summary>
    public IReadOnlyList<Library> Libraries { get; init; } = [];

    /// <summary>Whether the demo page and its tools are there.</summary>
    public bool Demo { get; init; }

    /// <summary>Seconds that sessions may go on after the signal to stop.</summary>
    public int? DrainTimeout { get; init; }

    /// <summary>Where figures are shown; null for nowhere.</summary>
    public int? MetricsPort { get; init; }

    public bool Debug { get; init; }

    public bool Json { get; init; }
}

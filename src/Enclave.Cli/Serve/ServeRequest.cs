using Enclave.Cli.Options;
using Enclave.Cli.Serve.SignIn;
using Enclave.Cli.Tools;
using Enclave.Mcp;
using Enclave.Tenants;

namespace Enclave.Cli.Serve;

/// <summary>The options of a broker.</summary>
internal sealed record ServeRequest
{
    public required int Port { get; init; }

    public required string Address { get; init; }

    public string? TokenFile { get; init; }

    /// <summary>The file with the operators' tokens; null for the one in the environment, or none.</summary>
    public string? OperatorTokenFile { get; init; }

    /// <summary>The provider whose tokens are accepted too; null for none.</summary>
    public OpenIdProvider? Provider { get; init; }

    public required SecurityLevel Level { get; init; }

    /// <summary>The limits of a run.</summary>
    public required LimitSettings Limits { get; init; }

    /// <summary>The time of one tool call; null for the defaults.</summary>
    public TimeSpan? ToolTimeout { get; init; }

    /// <summary>Where MCP clients find the description of what a script may write.</summary>
    public CodeDescription Description { get; init; }

    /// <summary>When MCP clients get an answer about a script that still runs; null for answers at its end only.</summary>
    public TimeSpan? YieldAfter { get; init; }

    /// <summary>Judge its runs; null for none.</summary>
    public EnclaveTenants? Tenants { get; init; }

    /// <summary>Where the records of its own workers' runs go; null for nowhere.</summary>
    public AuditOptions? Audit { get; init; }

    /// <summary>The runtimes for its sessions; empty for those in the environment, or for its own workers.</summary>
    public required IReadOnlyList<string> Runtimes { get; init; }

    public string? RuntimeTokenFile { get; init; }

    /// <summary>The file with the address of the RabbitMQ server; null for the one in the environment, or none.</summary>
    public string? QueueFile { get; init; }

    /// <summary>The file with the connection string of the store; null for the one in the environment, or none.</summary>
    public string? StoreFile { get; init; }

    /// <summary>The file with the connection string of the schema's owner, for migration; null for none.</summary>
    public string? StoreOwnerFile { get; init; }

    /// <summary>The folder of durable sessions; null for none, or for the store's database.</summary>
    public string? RunFolder { get; init; }

    /// <summary>True to run the schedules of the folder.</summary>
    public bool RunsSchedules { get; init; }

    /// <summary>Makes the options of durable sessions from the connection string of the store; null where there are none.</summary>
    public required Func<string?, DurableOptions?> Durable { get; init; }

    public required ToolBox Tools { get; init; }

    /// <summary>Tools that clients may answer themselves.</summary>
    public IReadOnlyCollection<string> ClientTools { get; init; } = [];

    /// <summary>Services whose operations are tools.</summary>
    public required IReadOnlyList<OpenApiOptions> Services { get; init; }

    /// <summary>The folder with the secrets; null for none.</summary>
    public string? Secrets { get; init; }

    /// <summary>True to run only sessions whose events are encrypted.</summary>
    public bool RequireEncryption { get; init; }

    public required IReadOnlyCollection<string> Origins { get; init; }

    public int? MaxSessions { get; init; }

    public int? RequestsPerMinute { get; init; }

    public int? Workers { get; init; }

    public IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; init; } = [];

    /// <summary>The libraries that scripts find as globals.</summary>
    public IReadOnlyList<Library> Libraries { get; init; } = [];

    /// <summary>Null for no fetch.</summary>
    public FetchOptions? Fetch { get; init; }

    /// <summary>True to serve the demo page and its tools.</summary>
    public bool Demo { get; init; }

    /// <summary>Seconds that sessions may continue after the signal to stop.</summary>
    public int? DrainTimeout { get; init; }

    /// <summary>The port for metrics; null for none.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>The file with the server's certificate; null for no TLS.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The file with its key.</summary>
    public string? TlsKey { get; init; }

    public bool Debug { get; init; }

    public bool Json { get; init; }
}

using Enclave.Cli.Options;
using Enclave.Tenants;

namespace Enclave.Cli.Runtime;

/// <summary>The options of a runtime.</summary>
internal sealed record RuntimeRequest
{
    public int? Port { get; init; }

    public string? Host { get; init; }

    public int? MaxSessions { get; init; }

    public SecurityLevel? Level { get; init; }

    /// <summary>The file with the server's certificate; null for no TLS.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The file with its key.</summary>
    public string? TlsKey { get; init; }

    /// <summary>The limits of a run. A broker may ask for less time, memory and tool calls.</summary>
    public required LimitSettings Limits { get; init; }

    /// <summary>Where its records go; null for nowhere.</summary>
    public AuditOptions? Audit { get; init; }

    /// <summary>Judge its runs; null for none.</summary>
    public EnclaveTenants? Tenants { get; init; }

    /// <summary>The file with the shared secret.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The file with the address of the RabbitMQ server; null for the one in the environment, or none.</summary>
    public string? QueueFile { get; init; }

    /// <summary>The classes of sessions to take from queues; empty for the default class.</summary>
    public IReadOnlyList<string> TrustClasses { get; init; } = [];

    /// <summary>Seconds that sessions may continue after the signal to stop.</summary>
    public int? DrainTimeout { get; init; }

    /// <summary>The port for metrics; null for none.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>True to log everything that happens on standard error.</summary>
    public bool Debug { get; init; }

    /// <summary>True to print the line with its address as JSON.</summary>
    public bool Json { get; init; }

    public IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; init; } = [];

    /// <summary>The libraries that scripts find as globals.</summary>
    public IReadOnlyList<Library> Libraries { get; init; } = [];
}

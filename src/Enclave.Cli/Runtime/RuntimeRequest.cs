namespace Enclave.Cli.Runtime;

/// <summary>A runtime, as the command line asked for it.</summary>
internal sealed record RuntimeRequest
{
    public int? Port { get; init; }

    public string? Host { get; init; }

    public int? MaxSessions { get; init; }

    public SecurityLevel? Level { get; init; }

    /// <summary>The file with the shared secret.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The file with the address of the RabbitMQ server; null for what the environment says, or none.</summary>
    public string? QueueFile { get; init; }

    /// <summary>The classes of sessions that are taken from queues; empty for the one that all are of.</summary>
    public IReadOnlyList<string> TrustClasses { get; init; } = [];

    /// <summary>Seconds that sessions may go on after the signal to stop.</summary>
    public int? DrainTimeout { get; init; }

    /// <summary>Where figures are shown; null for nowhere.</summary>
    public int? MetricsPort { get; init; }

    /// <summary>Whether everything that happens is told on standard error.</summary>
    public bool Debug { get; init; }

    /// <summary>Whether the line that tells where it listens is JSON.</summary>
    public bool Json { get; init; }

    public IReadOnlyCollection<IsolationLayer> AllowDegradedIsolation { get; init; } = [];

    /// <summary>The libraries that scripts find as globals.</summary>
    public IReadOnlyList<Library> Libraries { get; init; } = [];
}

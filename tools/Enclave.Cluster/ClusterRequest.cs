namespace Enclave.Cluster;

/// <summary>The options of a cluster.</summary>
internal sealed record ClusterRequest
{
    public required int Brokers { get; init; }

    public required int Runtimes { get; init; }

    public required SecurityLevel Level { get; init; }

    /// <summary>Number of owners with a token.</summary>
    public required int Tenants { get; init; }

    /// <summary>Days to keep sessions; null for the store's default.</summary>
    public int? KeepDays { get; init; }

    /// <summary>The proxy's port; 0 for a free one.</summary>
    public required int Port { get; init; }

    /// <summary>Maximum number of sessions of one runtime; null for its default.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>Tools of all brokers, in the form of <c>enclave serve --tool</c>.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Tools that clients may answer themselves.</summary>
    public IReadOnlyList<string> ClientTools { get; init; } = [];

    /// <summary>The layers that the machine may lack, as given; null for none.</summary>
    public string? AllowDegradedIsolation { get; init; }

    /// <summary>True if the clocks of brokers and runtimes can be stepped.</summary>
    public bool Clocks { get; init; }

    /// <summary>True to print events as JSON lines.</summary>
    public bool Json { get; init; }
}

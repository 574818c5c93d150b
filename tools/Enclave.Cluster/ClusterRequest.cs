namespace Enclave.Cluster;

/// <summary>A cluster, as the command line asked for it.</summary>
internal sealed record ClusterRequest
{
    public required int Brokers { get; init; }

    public required int Runtimes { get; init; }

    public required SecurityLevel Level { get; init; }

    /// <summary>How many owners have a token.</summary>
    public required int Tenants { get; init; }

    /// <summary>Days that sessions are kept; null for what the store does.</summary>
    public int? KeepDays { get; init; }

    /// <summary>The proxy's port; 0 for a free one.</summary>
    public required int Port { get; init; }

    /// <summary>Most sessions of one runtime at a time; null for its own default.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>Tools of all brokers, as <c>enclave serve --tool</c> takes them.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Tools that clients may answer themselves.</summary>
    public IReadOnlyList<string> ClientTools { get; init; } = [];

    /// <summary>The layers that the machine may lack, as they were written; null for none.</summary>
    public string? AllowDegradedIsolation { get; init; }

    /// <summary>Whether the clocks of brokers and runtimes can be stepped.</summary>
    public bool Clocks { get; init; }

    /// <summary>Whether what happens is told line by line.</summary>
    public bool Json { get; init; }
}

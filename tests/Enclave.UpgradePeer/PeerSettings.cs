namespace Enclave.UpgradePeer;

/// <summary>The settings of a peer.</summary>
internal sealed record PeerSettings
{
    /// <summary>0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The RabbitMQ server; null for none.</summary>
    public string? Queue { get; init; }

    public string Prefix { get; init; } = "enclave";

    /// <summary>The runtimes that a broker connects to.</summary>
    public string[] Runtimes { get; init; } = [];

    /// <summary>The connection string of the session store; null for none.</summary>
    public string? Store { get; init; }

    public string? StoreOwner { get; init; }

    /// <summary>The broker's name in the store.</summary>
    public string Name { get; init; } = "";

    /// <summary>The file to which the tool <c>effect</c> adds a line for each call. The process id is appended to its name.</summary>
    public string? Effects { get; init; }

    public int MaxSessions { get; init; } = 8;

    /// <summary>How long running sessions may continue after SIGTERM.</summary>
    public double DrainSeconds { get; init; } = 30;
}

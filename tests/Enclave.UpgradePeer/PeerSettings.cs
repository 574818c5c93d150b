namespace Enclave.UpgradePeer;

/// <summary>What a peer is told.</summary>
internal sealed record PeerSettings
{
    /// <summary>0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The RabbitMQ server; null for none.</summary>
    public string? Queue { get; init; }

    public string Prefix { get; init; } = "enclave";

    /// <summary>Runtimes that a broker dials.</summary>
    public string[] Runtimes { get; init; } = [];

    /// <summary>The connection string of the session store; null for none.</summary>
    public string? Store { get; init; }

    public string? StoreOwner { get; init; }

    /// <summary>Names the broker in the store.</summary>
    public string Name { get; init; } = "";

    /// <summary>The file that the tool <c>effect</c> adds a line to for each call, with the process's number at the end of its name.</summary>
    public string? Effects { get; init; }

    public int MaxSessions { get; init; } = 8;

    /// <summary>How long what runs may go on after SIGTERM.</summary>
    public double DrainSeconds { get; init; } = 30;
}

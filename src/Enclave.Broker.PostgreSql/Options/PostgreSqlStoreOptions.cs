namespace Enclave.Broker.PostgreSql;

/// <summary>How brokers share their sessions in a database (docs/sessions-store.md).</summary>
public sealed class PostgreSqlStoreOptions
{
    /// <summary>Opens the database as the brokers' role, which may define nothing. No default. It has the password: keep it out of arguments and logs.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Opens it as the schema's owner: the broker migrates it when it starts. Default: null, somebody else does (<see cref="PostgreSqlSchema.MigrateAsync"/>).</summary>
    public string? OwnerConnectionString { get; set; }

    /// <summary>What the broker is called in the database, for its operator. Default: the machine's name and the process's number.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>The time between two heartbeats. Range: 50 ms to 1 min. Default: 2 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A broker without a heartbeat for so long is taken for dead: its sessions end with <c>BROKER_LOST</c>, and it may write no more. Range: three heartbeats to 10 min. Default: 10 s.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long sessions that run wait for a store that is not to be had before they end. Range: 100 ms to 10 min. Default: 15 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often readers and brokers look for what they were not told of. Range: 50 ms to 1 min. Default: 2 s.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one statement may take. Range: 100 ms to 1 min. Default: 5 s.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections of this broker, four of which write, listen and hold its lease. Range: 6 to 500. Default: 20.</summary>
    public int MaxConnections { get; set; } = 20;

    /// <summary>Bytes of events that may wait to be written: of one session an eighth of it, of all together so many; whoever adds to more is cancelled. Range: 1 MB to 4 GB. Default: 64 MB.</summary>
    public long MaxPendingBytes { get; set; } = 64 << 20;
}

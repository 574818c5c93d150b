namespace Enclave.Broker.PostgreSql;

/// <summary>How brokers share their sessions in a database (docs/sessions-store.md).</summary>
public sealed class PostgreSqlStoreOptions
{
    /// <summary>
    /// Connects as the brokers' role, which may not define anything. No default. It contains the password: keep it out of arguments and logs.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Connects as the schema's owner: then the broker migrates the schema when it starts. Default: null; then it is migrated elsewhere
    /// (<see cref="PostgreSqlSchema.MigrateAsync"/>).
    /// </summary>
    public string? OwnerConnectionString { get; set; }

    /// <summary>The name of the broker in the database, for its operator. Default: the machine's name and the process id.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>The interval between heartbeats. Range: 50 ms to 1 min. Default: 2 s.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A broker without a heartbeat for this time is declared dead: its sessions end with <c>BROKER_LOST</c>, and it may no
    /// longer write. Range: three heartbeats to 10 min. Default: 10 s.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long running sessions wait for an unavailable store before they end. Range: 100 ms to 10 min. Default: 15 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often readers and brokers check for lost messages. Range: 50 ms to 1 min. Default: 2 s.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Maximum number of connections of this broker. Four of them write, listen and hold its lease. Range: 6 to 500. Default: 20.</summary>
    public int MaxConnections { get; set; } = 20;

    /// <summary>
    /// Bytes of events that may wait to be written: this many for all sessions together, and an eighth of it for one session. A session that exceeds this
    /// is cancelled. Range: 1 MB to 4 GB. Default: 64 MB.
    /// </summary>
    public long MaxPendingBytes { get; set; } = 64 << 20;
}

namespace Enclave;

/// <summary>What is kept of every run and every tool call, and where (docs/records.md).</summary>
public sealed record AuditOptions
{
    /// <summary>Where records go, for example a <see cref="JsonLinesAuditSink"/>.</summary>
    public required IAuditSink Sink { get; init; }

    /// <summary>What is kept of a tool call's arguments. Default: <see cref="AuditArguments.Omit"/>.</summary>
    public AuditArguments Arguments { get; init; } = AuditArguments.Omit;

    /// <summary>Longest arguments that <see cref="AuditArguments.Full"/> keeps, in bytes of JSON; of longer ones the hash is kept. Range: 0 to 1 MB. Default: 4 KB.</summary>
    public int MaxArgumentBytes { get; init; } = 4 << 10;

    /// <summary>Records that may wait for the sink. Range: 1 to 1,000,000. Default: 10,000.</summary>
    public int QueueSize { get; init; } = 10_000;

    /// <summary>What happens when so many wait. Default: <see cref="AuditOverflow.Drop"/>.</summary>
    public AuditOverflow WhenFull { get; init; } = AuditOverflow.Drop;

    /// <summary>How long disposal waits for the sink to take what is left, after the pool has ended. Range: 0 to 1 h. Default: 5 s.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

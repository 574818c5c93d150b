namespace Enclave;

/// <summary>The parts of each run and tool call to record, and the place for them (docs/records.md).</summary>
public sealed record AuditOptions
{
    /// <summary>The destination of records, for example a <see cref="JsonLinesAuditSink"/>.</summary>
    public required IAuditSink Sink { get; init; }

    /// <summary>How a tool call's arguments are stored. Default: <see cref="AuditArguments.Omit"/>.</summary>
    public AuditArguments Arguments { get; init; } = AuditArguments.Omit;

    /// <summary>
    /// Longest arguments that <see cref="AuditArguments.Full"/> stores, in bytes of JSON. For longer
    /// ones only the hash is stored. Range: 0 to 1 MB. Default: 4 KB.
    /// </summary>
    public int MaxArgumentBytes { get; init; } = 4 << 10;

    /// <summary>Records that may wait for the sink. Range: 1 to 1,000,000. Default: 10,000.</summary>
    public int QueueSize { get; init; } = 10_000;

    /// <summary>The reaction to a full queue. Default: <see cref="AuditOverflow.Drop"/>.</summary>
    public AuditOverflow WhenFull { get; init; } = AuditOverflow.Drop;

    /// <summary>How long disposal waits for the sink to take the remaining records, after the pool has ended. Range: 0 to 1 h. Default: 5 s.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

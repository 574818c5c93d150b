namespace Enclave;

/// <summary>The reaction when <see cref="AuditOptions.QueueSize"/> records wait for the sink.</summary>
public enum AuditOverflow
{
    /// <summary>
    /// Runs continue and their records are dropped. The number of dropped records is in the log, in <see cref="PoolSnapshot.AuditDropped"/>, and in a
    /// record of its own when the sink takes records again.
    /// </summary>
    Drop,

    /// <summary>New runs end with <see cref="ErrorCode.QueueFull"/>. Running ones still add their records, so no record of an executed run is lost.</summary>
    Refuse,
}

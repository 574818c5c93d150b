namespace Enclave;

/// <summary>What happens to records when <see cref="AuditOptions.QueueSize"/> of them wait for the sink.</summary>
public enum AuditOverflow
{
    /// <summary>Runs go on and their records are dropped. They are counted: in the log, in <see cref="PoolSnapshot.AuditDropped"/>, and in a record of their own once the sink takes records again.</summary>
    Drop,

    /// <summary>New runs end with <see cref="ErrorCode.QueueFull"/>. Runs that had begun add their records nevertheless: of what ran, nothing is lost.</summary>
    Refuse,
}

namespace Enclave;

/// <summary>The destination of audit records. Runs never wait for it: records are queued, and one task passes them on.</summary>
public interface IAuditSink
{
    /// <summary>Stores records durably, in the order of their <see cref="AuditRecord.Sequence"/>. Never called concurrently.</summary>
    /// <param name="records">One to 500 records.</param>
    /// <param name="cancellationToken">Cancelled when the host gives up during disposal.</param>
    /// <remarks>
    /// If a call throws, the same records are passed again after a pause of 0.1 s, which grows to 10 s. Their sequence numbers stay the same, so a sink
    /// that stored some of them can skip those.
    /// </remarks>
    ValueTask WriteAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken);
}

namespace Enclave;

/// <summary>Where audit records go. Runs never wait for it: records are queued, and one task hands them over.</summary>
public interface IAuditSink
{
    /// <summary>Takes records for good, in the order of their <see cref="AuditRecord.Sequence"/>. Never called twice at once.</summary>
    /// <param name="records">One to 500 records.</param>
    /// <param name="cancellationToken">Cancelled when the host gives up at its disposal.</param>
    /// <remarks>
    /// A call that throws is made again with the same records after a pause of 0.1 s, which grows to 10 s; they keep their sequence numbers, so that a sink that took some of them can tell.
    /// </remarks>
    ValueTask WriteAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken);
}

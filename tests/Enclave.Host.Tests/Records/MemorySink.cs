using Enclave.Tests;

namespace Enclave.Host.Tests.Records;

/// <summary>A sink that first does what the test wants with a batch, then keeps it.</summary>
internal sealed class MemorySink(Func<IReadOnlyList<AuditRecord>, CancellationToken, Task>? before = null) : IAuditSink
{
    private readonly Lock _gate = new();
    private readonly List<AuditRecord> _records = [];

    public AuditRecord[] Records
    {
        get
        {
            lock (_gate) return [.. _records];
        }
    }

    public async ValueTask WriteAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        if (before is not null) await before(records, cancellationToken);
        lock (_gate) _records.AddRange(records);
    }

    public async Task<AuditRecord[]> Has(int count)
    {
        await Within.Becomes(() => Records.Length >= count, $"the sink has {count} records", () => $"it has {Records.Length}");
        return Records;
    }
}

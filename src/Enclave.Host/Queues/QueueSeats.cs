namespace Enclave.Queues;

/// <summary>Places in a queue that are kept for jobs on their way into it, so that later ones cannot overfill it.</summary>
/// <param name="gate">The lock of the queue, which callers hold.</param>
internal sealed class QueueSeats(Lock gate)
{
    private readonly Dictionary<string, int> _byTenant = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>The seats that are taken.</summary>
    public QueueAhead Ahead(string tenant) => new(_all, _byTenant.GetValueOrDefault(tenant));

    /// <summary>Takes a seat. Disposing it, from any thread and any number of times, gives it back: the job is in the queue, or will not be.</summary>
    public IDisposable Take(string tenant)
    {
        _all++;
        _byTenant[tenant] = _byTenant.GetValueOrDefault(tenant) + 1;
        return new Seat(this, gate, tenant);
    }

    private void Free(string tenant)
    {
        _all--;
        if (--_byTenant[tenant] == 0) _byTenant.Remove(tenant);
    }

    private sealed class Seat(QueueSeats seats, Lock gate, string tenant) : IDisposable
    {
        private bool _isFree;

        public void Dispose()
        {
            lock (gate)
            {
                if (!_isFree) seats.Free(tenant);
                _isFree = true;
            }
        }
    }
}

using Enclave.Journals;

namespace Enclave.Durable;

/// <summary>Keeps the runs of tenants within their limits, also where many begin at once on this host.</summary>
/// <remarks>
/// Room is reserved from before the store is asked until the store has the run. Reservations that were made while the store counted are added to its count. The
/// store may have counted them too: a run without room then waits for the starts in progress, and looks again.
/// </remarks>
/// <param name="options">The limits.</param>
internal sealed class TenantRoom(DurableOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);

    /// <summary>Reserves room until the result is disposed. Dispose it when the store has the run, or never will.</summary>
    /// <exception cref="JournalException">The tenant has as many runs, or as many bytes in them, as it may, or the store failed.</exception>
    public async Task<IDisposable> TakeAsync(string? tenant, int runs, long bytes, CancellationToken cancellationToken)
    {
        string mark = RunKey.MarkOf(tenant);
        Tenant room = Enter(mark);
        try
        {
            while (true)
            {
                Size before;
                lock (_gate) before = room.Left;
                (int Runs, long Bytes) used = await options.Store.UsageAsync(tenant, cancellationToken).ConfigureAwait(false);
                Task change;
                lock (_gate)
                {
                    Size others = new(room.UnderWay.Runs + room.Left.Runs - before.Runs, room.UnderWay.Bytes + room.Left.Bytes - before.Bytes);
                    string? why = WhyNot(used.Runs + others.Runs, runs, used.Bytes + others.Bytes, bytes);
                    if (why is null)
                    {
                        room.UnderWay = new(room.UnderWay.Runs + runs, room.UnderWay.Bytes + bytes);
                        return new Reservation(this, mark, room, new(runs, bytes));
                    }

                    if (others == default) throw new JournalException(JournalFault.Full, why);
                    change = room.UnderWay == default ? Task.CompletedTask : room.Change.Task;
                }

                await change.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            lock (_gate) Leave_NeedsLock(mark, room);
            throw;
        }
    }

    private string? WhyNot(int runs, int more, long bytes, long moreBytes)
    {
        if (runs + more > options.MaxRunsPerTenant) return $"the tenant has {runs} durable runs and conversations, the most allowed "
            + "(DurableOptions.MaxRunsPerTenant): end or delete some, or raise it";
        return bytes + moreBytes <= options.MaxBytesPerTenant ? null : $"the durable runs and conversations of the tenant take {bytes} bytes, "
            + $"this adds {moreBytes}, and {options.MaxBytesPerTenant} are allowed (DurableOptions.MaxBytesPerTenant)";
    }

    private Tenant Enter(string mark)
    {
        lock (_gate)
        {
            if (!_tenants.TryGetValue(mark, out Tenant? room)) _tenants[mark] = room = new Tenant();
            room.Users++;
            return room;
        }
    }

    private void Leave_NeedsLock(string mark, Tenant room)
    {
        if (--room.Users == 0) _tenants.Remove(mark);
    }

    private readonly record struct Size(int Runs, long Bytes);

    private sealed class Tenant
    {
        public int Users { get; set; }

        /// <summary>The reservations of this moment.</summary>
        public Size UnderWay { get; set; }

        /// <summary>The sum of all reservations that have ended.</summary>
        public Size Left { get; set; }

        /// <summary>Completes when a reservation ends.</summary>
        public TaskCompletionSource Change { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Reservation(TenantRoom owner, string mark, Tenant room, Size size) : IDisposable
    {
        public void Dispose()
        {
            TaskCompletionSource change;
            lock (owner._gate)
            {
                room.UnderWay = new(room.UnderWay.Runs - size.Runs, room.UnderWay.Bytes - size.Bytes);
                room.Left = new(room.Left.Runs + size.Runs, room.Left.Bytes + size.Bytes);
                (change, room.Change) = (room.Change, new(TaskCreationOptions.RunContinuationsAsynchronously));
                owner.Leave_NeedsLock(mark, room);
            }

            change.SetResult();
        }
    }
}

using Enclave.Limits;

namespace Enclave.Models;

/// <summary>
/// The answers of runs that have ended, until their models ask for them. They are bounded in bytes, for all functions and clients of a process, and in time.
/// </summary>
/// <remarks>If there are too many, the tenant with the most bytes loses its oldest: no tenant loses an answer to one that keeps more.</remarks>
internal sealed class KeptAnswers(long maxBytes)
{
    // The run and its timer, beside the answer.
    private const int Overhead = 1 << 10;

    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly LinkedList<Kept> _all = new();
    private readonly ByteTotals _bytes = new();

    /// <summary>The kept answers of this process.</summary>
    public static KeptAnswers OfProcess { get; } = new(64 << 20);

    /// <summary>Counts an answer until it is disposed.</summary>
    /// <param name="tenant">The run's tenant.</param>
    /// <param name="bytes">Bytes of the answer.</param>
    /// <param name="clock">The clock of its time.</param>
    /// <param name="forget">Called once if the answer has to go before.</param>
    public IDisposable Keep(string? tenant, long bytes, TimeProvider clock, Action forget)
    {
        var kept = new Kept(this, tenant ?? "", bytes + Overhead, forget);
        var gone = new List<Kept>();
        lock (_gate)
        {
            _all.AddLast(kept.Place);
            _bytes.Add(kept.Tenant, kept.Bytes);
            kept.Timer = clock.CreateTimer(static (old) => ((Kept)old!).Expire(), kept, Time, Timeout.InfiniteTimeSpan);
            while (_bytes.All > maxBytes)
            {
                string largest = _bytes.Largest;
                Kept oldest = _all.First((one) => one.Tenant == largest);
                Remove_NeedsLock(oldest);
                gone.Add(oldest);
            }
        }

        foreach (Kept oldest in gone) oldest.Forget();
        return kept;
    }

    private bool Remove(Kept kept)
    {
        lock (_gate)
        {
            if (kept.Place.List is null) return false;
            Remove_NeedsLock(kept);
            return true;
        }
    }

    private void Remove_NeedsLock(Kept kept)
    {
        _all.Remove(kept.Place);
        _bytes.Add(kept.Tenant, -kept.Bytes);
        kept.Timer!.Dispose();
    }

    private sealed class Kept : IDisposable
    {
        private readonly KeptAnswers _answers;

        public Kept(KeptAnswers answers, string tenant, long bytes, Action forget)
        {
            (_answers, Tenant, Bytes, Forget) = (answers, tenant, bytes, forget);
            Place = new LinkedListNode<Kept>(this);
        }

        public string Tenant { get; }

        public long Bytes { get; }

        public Action Forget { get; }

        public LinkedListNode<Kept> Place { get; }

        public ITimer? Timer { get; set; }

        public void Expire()
        {
            if (_answers.Remove(this)) Forget();
        }

        public void Dispose() => _answers.Remove(this);
    }
}

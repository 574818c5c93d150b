namespace Enclave.Limits;

/// <summary>
/// Bounds the bytes of all request bodies that arrive at the same time: a client may send its bodies as slowly as it likes. The first bytes of each body
/// have a budget of their own, so that large bodies leave room for small ones. Thread-safe.
/// </summary>
/// <param name="maxBody">The largest body.</param>
internal sealed class BodyBudget(long maxBody)
{
    /// <summary>The bytes of each body that count as a small body.</summary>
    internal const int SmallBody = 64 << 10;

    /// <summary>All small bodies together.</summary>
    internal const long MaxSmall = 64 << 20;

    private readonly ByteBudget _small = new(MaxSmall);
    private readonly ByteBudget _large = new(MaxLarge(maxBody));

    /// <summary>All bytes of bodies beyond their first ones: room for a few of the largest bodies at least.</summary>
    internal static long MaxLarge(long maxBody) => (128L << 20) + (4 * maxBody);

    /// <summary>Begins a body. Dispose the result when the body has arrived.</summary>
    public Share Begin() => new(this);

    /// <summary>The bytes of one body. For one thread.</summary>
    internal sealed class Share(BodyBudget budget) : IDisposable
    {
        private long _small, _large;

        /// <summary>Reserves room for the bytes that have arrived so far. Returns false if there is none.</summary>
        public bool TryGrow(long arrived)
        {
            long small = Math.Min(arrived, SmallBody) - _small, large = arrived - SmallBody - _large;
            if (small > 0 && !budget._small.TryTake(small)) return false;
            _small += Math.Max(small, 0);
            if (large > 0 && !budget._large.TryTake(large)) return false;
            _large += Math.Max(large, 0);
            return true;
        }

        public void Dispose()
        {
            budget._small.Give(_small);
            budget._large.Give(_large);
            (_small, _large) = (0, 0);
        }
    }
}

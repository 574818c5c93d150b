using System.Buffers;
using System.IO.Pipelines;

namespace Enclave.Limits;

/// <summary>
/// Bounds the bytes of all request bodies that arrive at the same time: a client may send its bodies as slowly as it likes. The first bytes of each body
/// have a budget of their own, so that large bodies leave room for small ones. Thread-safe.
/// </summary>
/// <param name="maxBody">The largest body.</param>
internal sealed class BodyBudget(long maxBody)
{
    /// <summary>The bytes of each body that count as a small body.</summary>
    private const int SmallBody = 64 << 10;

    /// <summary>All small bodies together.</summary>
    private const long MaxSmall = 64 << 20;

    private readonly ByteBudget _small = new(MaxSmall);
    private readonly ByteBudget _large = new(MaxLarge(maxBody));

    /// <summary>The most bytes of all bodies beyond their first ones, with room for a few of the largest bodies.</summary>
    private static long MaxLarge(long maxBody) => (128L << 20) + (4 * maxBody);

    /// <summary>Reads a whole body; null if this body, or all bodies that arrive at this moment, exceed their limit.</summary>
    /// <param name="reader">The body.</param>
    /// <param name="most">The most bytes of this body.</param>
    /// <param name="payer">Its sender: one payer leaves room for others.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async ValueTask<(byte[]? Body, bool IsTooLarge)> ReadAsync(
        PipeReader reader, long most, string payer, CancellationToken cancellationToken)
    {
        using var share = new Share(this, payer);
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            bool isTooLarge = read.Buffer.Length > most;
            // A body that is complete waits for nothing.
            bool isRefused = isTooLarge || (!read.IsCompleted && !share.TryGrow(read.Buffer.Length));
            if (isRefused || read.IsCompleted)
            {
                byte[]? body = isRefused ? null : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return (body, isTooLarge);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The bytes of one body. For one thread.</summary>
    private sealed class Share(BodyBudget budget, string payer) : IDisposable
    {
        private long _small, _large;

        /// <summary>Reserves room for the bytes that have arrived so far. Returns false if there is none.</summary>
        public bool TryGrow(long arrived)
        {
            long small = Math.Min(arrived, SmallBody) - _small, large = arrived - SmallBody - _large;
            if (small > 0 && !budget._small.TryTake(payer, small)) return false;
            _small += Math.Max(small, 0);
            if (large > 0 && !budget._large.TryTake(payer, large)) return false;
            _large += Math.Max(large, 0);
            return true;
        }

        public void Dispose()
        {
            budget._small.Give(payer, _small);
            budget._large.Give(payer, _large);
        }
    }
}

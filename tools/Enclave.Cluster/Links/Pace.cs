using System.Diagnostics;

namespace Enclave.Cluster.Links;

/// <summary>One direction of a link: what passes takes its turn, as on one wire.</summary>
internal sealed class Pace
{
    /// <summary>Pieces of a wire that is slow are as long as it passes in this part of a second, so that connections share it.</summary>
    private const int PiecesPerSecond = 20;

    private readonly Lock _gate = new();
    private long _free, _bytes;

    /// <summary>What has passed.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How much of what is there may pass at once.</summary>
    public static int Piece(int count, int? bytesPerSecond) => bytesPerSecond is { } rate ? Math.Min(count, Math.Max(1, rate / PiecesPerSecond)) : count;

    /// <summary>Waits until so many bytes have had their time on the wire.</summary>
    public async ValueTask PassAsync(int count, int? bytesPerSecond, CancellationToken cancellationToken)
    {
        if (bytesPerSecond is { } rate)
        {
            long now = Stopwatch.GetTimestamp(), free;
            lock (_gate) free = _free = Math.Max(now, _free) + (Stopwatch.Frequency * count / rate);
            await Task.Delay(Stopwatch.GetElapsedTime(now, free), cancellationToken).ConfigureAwait(false);
        }

        Interlocked.Add(ref _bytes, count);
    }
}

using System.Diagnostics;

namespace Enclave.Cluster.Links;

/// <summary>Limits the rate of one direction of a link. Connections take turns, as on one wire.</summary>
internal sealed class LinkThrottle
{
    /// <summary>Pieces on a slow link take this fraction of a second, so that connections share it.</summary>
    private const int PiecesPerSecond = 20;

    private readonly Lock _gate = new();
    private long _free, _bytes;

    /// <summary>Number of forwarded bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>How many of the available bytes may be sent at once.</summary>
    public static int Piece(int count, int? bytesPerSecond) => bytesPerSecond is { } rate ? Math.Min(count, Math.Max(1, rate / PiecesPerSecond)) : count;

    /// <summary>Waits until this number of bytes has had its time on the link.</summary>
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

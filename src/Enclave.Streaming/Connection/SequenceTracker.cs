namespace Enclave.Streaming;

/// <summary>Tracks the numbers of a session's events. Not thread-safe.</summary>
public sealed class SequenceTracker
{
    /// <summary>Default maximum number of kept gaps: 100.</summary>
    public const int DefaultMaxGaps = 100;

    private readonly int _maxGaps;
    private readonly List<SequenceGap> _gaps = [];

    /// <summary>Creates a tracker before the first event.</summary>
    /// <param name="maxGaps">Maximum number of kept gaps; later ones are reported, but not kept. Range: 0 and above. Default: 100.</param>
    public SequenceTracker(int maxGaps = DefaultMaxGaps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxGaps);
        _maxGaps = maxGaps;
    }

    /// <summary>The highest number so far; 0 before the first event.</summary>
    public long Last { get; private set; }

    /// <summary>Missing numbers, oldest first.</summary>
    public IReadOnlyList<SequenceGap> Gaps => _gaps;

    /// <summary>Records the number of an event. Returns the gap just before it; null for none.</summary>
    /// <param name="seq">The number. The first number starts the count, whatever it is; 0 means before the
    /// first event. Late and repeated numbers have no effect.</param>
    public SequenceGap? Receive(long seq)
    {
        long last = Last;
        if (seq <= last) return null;
        Last = seq;
        if (last == 0 || seq == last + 1) return null;
        var gap = new SequenceGap(last + 1, seq - 1);
        if (_gaps.Count < _maxGaps) _gaps.Add(gap);
        return gap;
    }

    /// <summary>Removes a gap, for example because its events arrived late. Returns false if there is no such gap.</summary>
    /// <param name="gap">The gap, as it was returned.</param>
    public bool Clear(SequenceGap gap) => _gaps.Remove(gap);

    /// <summary>Returns to the state before the first event.</summary>
    public void Reset()
    {
        Last = 0;
        _gaps.Clear();
    }
}

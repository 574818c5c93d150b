namespace Enclave.Streaming;

/// <summary>Follows the numbers of a session's events. Not for several threads at once.</summary>
public sealed class SequenceTracker
{
    /// <summary>How many gaps are kept by a tracker that was told no other number: 100.</summary>
    public const int DefaultMaxGaps = 100;

    private readonly int _maxGaps;
    private readonly List<SequenceGap> _gaps = [];

    /// <summary>A tracker before the first event.</summary>
    /// <param name="maxGaps">Most gaps that are kept; later ones are told, and forgotten. Range: 0 and above. Default: 100.</param>
    public SequenceTracker(int maxGaps = DefaultMaxGaps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxGaps);
        _maxGaps = maxGaps;
    }

    /// <summary>The highest number so far; 0 before the first event.</summary>
    public long Last { get; private set; }

    /// <summary>Numbers that did not come, oldest first.</summary>
    public IReadOnlyList<SequenceGap> Gaps => _gaps;

    /// <summary>Takes the number of an event. Gives the numbers that were left out just before it; null for none.</summary>
    /// <param name="seq">The number. The first one is where the count begins, wherever it is; 0 is before the first. Late and repeated ones change nothing.</param>
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

    /// <summary>Forgets a gap, as when its events came after all. False when there is no such gap.</summary>
    /// <param name="gap">The gap, as it was given.</param>
    public bool Clear(SequenceGap gap) => _gaps.Remove(gap);

    /// <summary>Back to before the first event.</summary>
    public void Reset()
    {
        Last = 0;
        _gaps.Clear();
    }
}

namespace Enclave.RabbitMq.Wire;

/// <summary>How far a run may be ahead of the reader of its events. Both sides count the same bytes, so that neither waits for the other.</summary>
internal static class EventWindow
{
    /// <summary>Bytes counted for each event in addition to its body: a script chooses how small its events are.</summary>
    private const int Overhead = 256;

    /// <summary>The largest window. One session whose client reads slowly costs a broker half of this and one event.</summary>
    public const int MaxBytes = 4 << 20;

    public static int CostOf(int bodyBytes) => bodyBytes + Overhead;

    /// <summary>Whether the run waits before its next event. It waits above one half, so that an event as large as the window can still be sent.</summary>
    public static bool IsFull(long outstanding, int window) => window > 0 && outstanding > window / 2;

    /// <summary>
    /// Whether the reader reports the events it has read. At one quarter, below the half at which the run waits:
    /// once the reader has read everything, the run is free to continue.
    /// </summary>
    public static bool IsDue(long unreported, int window) => window > 0 && unreported >= window / 4;
}

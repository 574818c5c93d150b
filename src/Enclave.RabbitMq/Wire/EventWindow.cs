namespace Enclave.RabbitMq.Wire;

/// <summary>How far a run may be ahead of the reader of its events. Both sides count the same bytes, so that neither waits for the other.</summary>
internal static class EventWindow
{
    /// <summary>What an event costs beside its body: a script chooses how small its events are.</summary>
    private const int Overhead = 256;

    /// <summary>The largest window. One session whose client reads slowly costs a broker half of this and one event.</summary>
    public const int MaxBytes = 4 << 20;

    public static int CostOf(int bodyBytes) => bodyBytes + Overhead;

    /// <summary>Whether the run waits before its next event. Above a half, so that an event as large as the window goes through.</summary>
    public static bool IsFull(long outstanding, int window) => window > 0 && outstanding > window / 2;

    /// <summary>Whether the reader tells what it has taken. Below the half at which the run waits: a reader that has everything has told enough of it.</summary>
    public static bool IsDue(long untold, int window) => window > 0 && untold >= window / 4;
}

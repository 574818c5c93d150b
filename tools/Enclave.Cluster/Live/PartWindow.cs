namespace Enclave.Cluster.Live;

/// <summary>Which parts a terminal shows that has no room for all: as many as fit, the chosen one among them.</summary>
/// <param name="First">The first one.</param>
/// <param name="Count">How many.</param>
internal readonly record struct PartWindow(int First, int Count)
{
    private const int Least = 3;

    /// <param name="parts">How many there are.</param>
    /// <param name="chosen">The chosen one.</param>
    /// <param name="room">Lines for them.</param>
    public static PartWindow Of(int parts, int chosen, int room)
    {
        if (parts <= room) return new PartWindow(0, parts);
        // One line tells of the others.
        int count = Math.Min(parts, Math.Max(Least, room - 1));
        return new PartWindow(Math.Clamp(chosen - (count / 2), 0, parts - count), count);
    }
}

namespace Enclave.Cluster.Live;

/// <summary>The parts that a small terminal shows: as many as fit, including the chosen one.</summary>
/// <param name="First">The index of the first one.</param>
/// <param name="Count">Their number.</param>
internal readonly record struct PartWindow(int First, int Count)
{
    private const int Least = 3;

    /// <param name="parts">Number of parts.</param>
    /// <param name="chosen">The index of the chosen one.</param>
    /// <param name="room">Number of lines for them.</param>
    public static PartWindow Of(int parts, int chosen, int room)
    {
        if (parts <= room) return new PartWindow(0, parts);
        // One line mentions the others.
        int count = Math.Min(parts, Math.Max(Least, room - 1));
        return new PartWindow(Math.Clamp(chosen - (count / 2), 0, parts - count), count);
    }
}

namespace Enclave.Worker.Portable;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014), as the native worker has it: recordings rely on this sequence.</summary>
internal struct SplitMix(ulong seed)
{
    public const ulong Step = 0x9e3779b97f4a7c15;

    private ulong _state = seed;

    /// <summary>0 to 1, without 1.</summary>
    public double Next() => NumberOf(_state += Step);

    public static double NumberOf(ulong state)
    {
        state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
        state = (state ^ (state >> 27)) * 0x94d049bb133111eb;
        return ((state ^ (state >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}

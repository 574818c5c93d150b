namespace Enclave.Broker.Executors;

/// <summary>Which numbers of a sender were there before. Those of the last 64 may come in any order, each once; older ones are taken for repeats.</summary>
internal sealed class SequenceWindow
{
    private const int Width = 64;

    private long _highest;
    private ulong _taken;

    /// <summary>Takes a number, from 1 up; false when it was taken before.</summary>
    public bool TryTake(long number)
    {
        if (number > _highest)
        {
            long ahead = number - _highest;
            _taken = ahead >= Width ? 1 : (_taken << (int)ahead) | 1;
            _highest = number;
            return true;
        }

        long behind = _highest - number;
        if (number < 1 || behind >= Width || (_taken & (1UL << (int)behind)) != 0) return false;
        _taken |= 1UL << (int)behind;
        return true;
    }
}

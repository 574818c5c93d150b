namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>Detects repeated numbers of a sender. The last 64 numbers may arrive in any order, each once. Older numbers count as repeats.</summary>
internal sealed class SequenceWindow
{
    private const int Width = 64;

    private long _highest;
    private ulong _taken;

    /// <summary>Records a number, from 1 up. Returns false if it was recorded before.</summary>
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

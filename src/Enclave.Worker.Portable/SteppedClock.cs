using System.Security.Cryptography;

namespace Enclave.Worker.Portable;

/// <summary>
/// The machine's time in steps. Each step is late by a part of a step, from a secret: from one step to the next a script could count its work.
/// </summary>
internal sealed class SteppedClock(int stepMilliseconds)
{
    private readonly ulong _secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public double Now
    {
        get
        {
            double steps = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds / stepMilliseconds, whole = Math.Floor(steps);
            if (stepMilliseconds > 1 && steps - whole < SplitMix.NumberOf(_secret + ((ulong)(long)whole * SplitMix.Step))) whole--;
            return whole * stepMilliseconds;
        }
    }
}

using System.Security.Cryptography;

namespace Enclave.Worker.Portable;

/// <summary>
/// The machine's time in steps. Each step is delayed by a secret part of a step, because a script could otherwise measure time by counting work between two
/// steps.
/// </summary>
internal sealed class SteppedClock(int stepMilliseconds)
{
    private readonly ulong _secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>The same step of another time.</summary>
    public double ShownOf(double milliseconds) => Math.Floor(milliseconds / stepMilliseconds) * stepMilliseconds;

    /// <summary>The first time of a step that is not before this one.</summary>
    public double StepAt(double milliseconds) => Math.Ceiling(milliseconds / stepMilliseconds) * stepMilliseconds;

    /// <summary>Until scripts see this time or a later one; 0 if they do.</summary>
    public double MillisecondsUntil(double shown)
    {
        double index = Math.Ceiling(shown / stepMilliseconds);
        if (stepMilliseconds > 1) index += SplitMix.NumberOf(_secret + ((ulong)(long)index * SplitMix.Step));
        return Math.Max(0, (index * stepMilliseconds) - (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds);
    }

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

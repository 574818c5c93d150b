namespace Enclave.Guard.Rules;

/// <summary>Limits on sizes in a script's text. A script above them is refused before it runs.</summary>
/// <param name="BigIntExponent">Largest exponent of a big integer.</param>
/// <param name="ArrayLength">Most elements of a new array.</param>
/// <param name="FillLength">Most elements of a new array that is filled at once.</param>
/// <param name="RepeatCount">Most repetitions of a text, and the longest padding.</param>
internal sealed record ResourceLimits(int BigIntExponent, int ArrayLength, int FillLength, int RepeatCount)
{
    /// <summary>The documented limits.</summary>
    public static ResourceLimits Documented { get; } = new(BigIntExponent: 10_000, ArrayLength: 1_000_000, FillLength: 100_000, RepeatCount: 100_000);
}

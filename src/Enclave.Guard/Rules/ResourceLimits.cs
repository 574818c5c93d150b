namespace Enclave.Guard.Rules;

/// <summary>Sizes above which a script that asks for them in its text is refused before it runs.</summary>
/// <param name="BigIntExponent">Largest exponent of a big integer.</param>
/// <param name="ArrayLength">Most elements of a new array.</param>
/// <param name="FillLength">Most elements of a new array that is filled at once.</param>
/// <param name="RepeatCount">Most repetitions of a text, and longest padding.</param>
internal sealed record ResourceLimits(int BigIntExponent, int ArrayLength, int FillLength, int RepeatCount)
{
    /// <summary>The documented limits.</summary>
    public static ResourceLimits Documented { get; } = new(BigIntExponent: 10_000, ArrayLength: 1_000_000, FillLength: 100_000, RepeatCount: 100_000);
}

namespace Enclave.Protocol;

/// <summary>The hard ceilings of the protocol. Options may ask for less, never for more.</summary>
internal static class ProtocolLimits
{
    /// <summary>Deepest nesting of arrays and maps in anything read from the other side; an empty array counts as one level.</summary>
    /// <remarks>Readers may recurse once per level, so this also bounds their stack: 128 levels take a few tens of kilobytes.</remarks>
    public const int MaxDepth = 128;

    /// <summary>Deepest nesting that a .NET object may have to become a value. Below <see cref="MaxDepth"/>, so that it fits inside a message.</summary>
    public const int MaxObjectDepth = 100;

    /// <summary>Largest memory limit of an isolate: 64 GiB.</summary>
    public const long MaxMemoryBytes = 64L << 30;

    /// <summary>Most iterations that may be allowed for one loop: a script counts them in 32 bits, and one more than allowed has to fit.</summary>
    public const int MaxIterations = 1_000_000_000;

    /// <summary>Longest body of a frame: 64 MiB.</summary>
    public const int MaxFrameBytes = 64 * 1024 * 1024;

    /// <summary>Longest magnitude of a BigInt: 8 KiB, about 19,700 decimal digits.</summary>
    /// <remarks>
    /// Writing a number in decimal costs more than linear time: <c>BigInteger.ToString</c> took 3 s for 128 KiB and 16 ms for 8 KiB where this was set, and
    /// whoever makes JSON of a result pays it.
    /// </remarks>
    public const int MaxBigIntBytes = 8 * 1024;

    /// <summary>Largest magnitude at which every integer has its own float64: 2^53 - 1, JavaScript's <c>Number.MAX_SAFE_INTEGER</c>.</summary>
    public const long MaxSafeInteger = (1L << 53) - 1;

    /// <summary>Largest distance of a date from 1970-01-01 in milliseconds, either way: what a JavaScript <c>Date</c> holds.</summary>
    public const long MaxDateMilliseconds = 8_640_000_000_000_000;
}

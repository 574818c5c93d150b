namespace Enclave.Protocol;

/// <summary>The hard limits of the protocol. Options can only lower them.</summary>
public static class ProtocolLimits
{
    /// <summary>Maximum nesting of arrays and maps in data from the other side. An empty array counts as one level.</summary>
    /// <remarks>Readers may recurse once per level, so this also bounds their stack: 128 levels take a few tens of kilobytes.</remarks>
    public const int MaxDepth = 128;

    /// <summary>Maximum nesting of a .NET object that becomes a value. Below <see cref="MaxDepth"/>, so that the value fits inside a message.</summary>
    public const int MaxObjectDepth = 100;

    /// <summary>Largest memory limit of an isolate: 64 GiB.</summary>
    public const long MaxMemoryBytes = 64L << 30;

    /// <summary>Maximum number of iterations of one loop: scripts count in 32 bits, and the count must be able to exceed the limit by one.</summary>
    public const int MaxIterations = 1_000_000_000;

    /// <summary>Size of the header of a frame.</summary>
    public const int FrameHeaderBytes = 8;

    /// <summary>Size of the id of a reference on the wire.</summary>
    public const int ReferenceIdBytes = 16;

    /// <summary>Longest body of a frame: 64 MiB.</summary>
    public const int MaxFrameBytes = 64 * 1024 * 1024;

    /// <summary>Longest magnitude of a BigInt: 8 KiB, about 19,700 decimal digits.</summary>
    /// <remarks>
    /// Writing a number in decimal takes more than linear time: <c>BigInteger.ToString</c> took 3 s for 128 KiB and 16 ms for 8 KiB when this limit
    /// was set, and every conversion of a result to JSON does it.
    /// </remarks>
    public const int MaxBigIntBytes = 8 * 1024;

    /// <summary>Largest magnitude at which every integer has its own float64: 2^53 - 1, JavaScript's <c>Number.MAX_SAFE_INTEGER</c>.</summary>
    public const long MaxSafeInteger = (1L << 53) - 1;

    /// <summary>Largest distance of a date from 1970-01-01 in milliseconds, in both directions: the range of a JavaScript <c>Date</c>.</summary>
    public const long MaxDateMilliseconds = 8_640_000_000_000_000;
}

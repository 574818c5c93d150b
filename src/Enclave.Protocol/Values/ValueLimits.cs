namespace Enclave.Protocol.Values;

/// <summary>What one value read from the other side may take. All three must be said: nothing is unlimited by accident.</summary>
internal readonly record struct ValueLimits
{
    /// <summary>The ceilings of the protocol alone.</summary>
    public static ValueLimits Widest { get; } = new()
    {
        MaxDepth = ProtocolLimits.MaxDepth,
        MaxProperties = ProtocolLimits.MaxFrameBytes,
        MaxBytes = ProtocolLimits.MaxFrameBytes,
    };

    /// <summary>Deepest nesting of arrays and objects; 0 allows scalars only. Above <see cref="ProtocolLimits.MaxDepth"/> that one holds.</summary>
    public required int MaxDepth { get; init; }

    /// <summary>Most elements and properties in the whole value, at all depths together. Dropped and repeated keys count.</summary>
    public required int MaxProperties { get; init; }

    /// <summary>Most references to values that stayed in the host. Default: 0, which refuses them.</summary>
    public int MaxReferences { get; init; }

    /// <summary>Longest encoded form of the whole value, in bytes.</summary>
    public required int MaxBytes { get; init; }
}

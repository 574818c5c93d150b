namespace Enclave.Protocol.Values;

/// <summary>Limits of one value from the other side. Three of them are required, so that none is forgotten.</summary>
public readonly record struct ValueLimits
{
    /// <summary>Only the limits of the protocol.</summary>
    public static ValueLimits Widest { get; } = new()
    {
        MaxDepth = ProtocolLimits.MaxDepth,
        MaxProperties = ProtocolLimits.MaxFrameBytes,
        MaxBytes = ProtocolLimits.MaxFrameBytes,
    };

    /// <summary>Maximum nesting of arrays and objects; 0 allows only scalars. <see cref="ProtocolLimits.MaxDepth"/> applies as well.</summary>
    public required int MaxDepth { get; init; }

    /// <summary>Maximum number of elements and properties in the whole value. Dropped and repeated keys count.</summary>
    public required int MaxProperties { get; init; }

    /// <summary>Maximum number of references to values that are kept in the host. Default: 0, which refuses them.</summary>
    public int MaxReferences { get; init; }

    /// <summary>Maximum size of the encoded value, in bytes.</summary>
    public required int MaxBytes { get; init; }
}

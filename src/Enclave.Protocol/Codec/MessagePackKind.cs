namespace Enclave.Protocol.Codec;

/// <summary>The families of MessagePack formats.</summary>
internal enum MessagePackKind : byte
{
    Nil,
    Boolean,
    Integer,
    Float,
    String,
    Binary,
    Array,
    Map,
    Extension,

    /// <summary>No kind: the byte 0xc1, which the specification never uses.</summary>
    None,
}

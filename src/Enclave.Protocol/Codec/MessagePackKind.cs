namespace Enclave.Protocol.Codec;

/// <summary>The families of MessagePack formats.</summary>
internal enum MessagePackKind
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
}

namespace Enclave.Protocol.Codec;

/// <summary>What family of MessagePack formats a value is in.</summary>
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

using System.Diagnostics.CodeAnalysis;

namespace Enclave.Protocol.Codec;

/// <summary>Throws the errors of <see cref="MessagePackReader"/>. Kept out of its methods, so that these stay small enough to inline.</summary>
internal static class MessagePackFault
{
    [DoesNotReturn]
    public static void Truncated(long offset) => throw ProtocolException.At(offset, "the bytes end inside a value");

    [DoesNotReturn]
    public static void Unexpected(long offset, byte head, string expected) => throw ProtocolException.At(
        offset,
        MessagePackFormat.KindOf(head) is not MessagePackKind.None and var kind
            ? $"expected {expected}, found {kind} (0x{head:x2})"
            : $"0x{head:x2} does not begin a MessagePack value");

    [DoesNotReturn]
    public static void OutOfRange(long offset, string type) => throw ProtocolException.At(offset, $"integer outside {type}");

    [DoesNotReturn]
    public static void TooMany(long offset, string what, long count, long remaining) =>
        throw ProtocolException.At(offset, $"{what} of {count} announced with {remaining} bytes left");

    [DoesNotReturn]
    public static void WrongCount(long offset, string what, int count, int expected) =>
        throw ProtocolException.At(offset, $"{what} of {count}, expected {expected}");

    [DoesNotReturn]
    public static void TooLong(long offset, string what, long length, long limit) =>
        throw ProtocolException.At(offset, $"{what} of {length} bytes is above the limit of {limit} bytes");

    [DoesNotReturn]
    public static void TooDeep(long offset) => throw ProtocolException.At(offset, $"nesting above {ProtocolLimits.MaxDepth}");

    [DoesNotReturn]
    public static void NotUtf8(long offset) => throw ProtocolException.At(offset, "string is not valid UTF-8");
}

using System.Buffers;
using System.Text;

namespace Enclave.Streaming.Json;

/// <summary>White space as in JavaScript's <c>trim</c>.</summary>
internal static class JavaScriptSpace
{
    private const int NextLine = 0x85;
    private const int ByteOrderMark = 0xFEFF;

    /// <summary>UTF-8 without the white space around it.</summary>
    public static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> utf8)
    {
        while (Rune.DecodeFromUtf8(utf8.Span, out Rune first, out int length) == OperationStatus.Done && IsSpace(first)) utf8 = utf8[length..];
        while (Rune.DecodeLastFromUtf8(utf8.Span, out Rune last, out int length) == OperationStatus.Done && IsSpace(last)) utf8 = utf8[..^length];
        return utf8;
    }

    private static bool IsSpace(Rune rune) => (Rune.IsWhiteSpace(rune) && rune.Value != NextLine) || rune.Value == ByteOrderMark;
}

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Enclave.Streaming.Json;

/// <summary>Makes JSON readable for .NET: valid UTF-8, and no escape of half a surrogate pair.</summary>
/// <remarks>JavaScript strings may contain half a surrogate pair, sent as an escape. .NET throws when such a string is read, possibly far from here.</remarks>
internal static class UnicodeText
{
    private const int EscapeBytes = 6;
    private static readonly SearchValues<byte> s_surrogateDigit = SearchValues.Create("dD"u8);

    /// <summary>Returns true if the JSON is valid UTF-8 without lone surrogates in its escapes.</summary>
    public static bool IsReadable(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && NextUnpaired(json, 0) < 0;

    /// <summary>The element itself, or a repaired copy.</summary>
    public static JsonElement Readable(JsonElement json)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(json);
        return IsReadable(raw) ? json : JsonElement.Parse(Repair(raw), new JsonDocumentOptions { MaxDepth = int.MaxValue });
    }

    /// <summary>The same JSON with U+FFFD for each invalid character.</summary>
    public static byte[] Repair(ReadOnlySpan<byte> json)
    {
        byte[] mended = Utf8.IsValid(json) ? json.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        // The replacement's escape has the same length.
        for (int at = NextUnpaired(mended, 0); at >= 0; at = NextUnpaired(mended, at + EscapeBytes)) "\\ufffd"u8.CopyTo(mended.AsSpan(at));
        return mended;
    }

    /// <summary>Finds the next escape of an unpaired surrogate; negative if there is none.</summary>
    private static int NextUnpaired(ReadOnlySpan<byte> json, int from)
    {
        while (from < json.Length)
        {
            int backslash = json[from..].IndexOf((byte)'\\');
            if (backslash < 0) return -1;
            int at = from + backslash;
            int unit = Surrogate(json, at);
            if (unit < 0)
            {
                from = at + 2;
                continue;
            }

            bool pair = char.IsHighSurrogate((char)unit) && Surrogate(json, at + EscapeBytes) is >= 0xDC00;
            if (!pair) return at;
            from = at + EscapeBytes * 2;
        }

        return -1;
    }

    /// <summary>The surrogate that an escape stands for; negative if there is no such escape here.</summary>
    private static int Surrogate(ReadOnlySpan<byte> json, int at)
    {
        if (json.Length - at < EscapeBytes || json[at] != '\\' || json[at + 1] != 'u' || !s_surrogateDigit.Contains(json[at + 2])) return -1;
        int unit = 0;
        foreach (byte digit in json.Slice(at + 2, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit)) return -1;
            unit = unit << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return char.IsSurrogate((char)unit) ? unit : -1;
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Enclave.Streaming.Json;

/// <summary>JSON as bytes that .NET can read every string of: valid UTF-8, and no escape of half a character.</summary>
/// <remarks>JavaScript has strings with half a surrogate pair and sends them as escapes; .NET throws where such a string is read, which may be far from here.</remarks>
internal static class UnicodeText
{
    private const int EscapeBytes = 6;
    private static readonly SearchValues<byte> s_surrogateDigit = SearchValues.Create("dD"u8);

    public static bool IsReadable(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && NextHalf(json, 0) < 0;

    /// <summary>The element itself, or a mended copy of it.</summary>
    public static JsonElement Readable(JsonElement json)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(json);
        return IsReadable(raw) ? json : JsonElement.Parse(Mend(raw), new JsonDocumentOptions { MaxDepth = int.MaxValue });
    }

    /// <summary>The same JSON with U+FFFD in place of what is no character.</summary>
    public static byte[] Mend(ReadOnlySpan<byte> json)
    {
        byte[] mended = Utf8.IsValid(json) ? json.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        // The replacement's escape is as long as the one it replaces.
        for (int at = NextHalf(mended, 0); at >= 0; at = NextHalf(mended, at + EscapeBytes)) "\\ufffd"u8.CopyTo(mended.AsSpan(at));
        return mended;
    }

    /// <summary>Where the next escape of a surrogate without its partner begins; negative when there is none.</summary>
    private static int NextHalf(ReadOnlySpan<byte> json, int from)
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

    /// <summary>The surrogate that an escape stands for; negative when there is no such escape here.</summary>
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

using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Enclave.Protocol.Values;

/// <summary>JSON string literals of text with lone surrogates, which <c>System.Text.Json</c> refuses and JSON can express as \udXXX.</summary>
internal static class JsonText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (char)code), '"', '\\', .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    /// <summary>Appends the text in quotes, with escapes where JSON needs them and for lone surrogates.</summary>
    public static StringBuilder AppendLiteral(StringBuilder json, ReadOnlySpan<char> text)
    {
        json.Append('"');
        while (true)
        {
            int at = text.IndexOfAny(Escaped);
            if (at < 0) break;
            json.Append(text[..at]);
            if (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]))
            {
                json.Append(text.Slice(at, 2));
                text = text[(at + 2)..];
                continue;
            }

            AppendEscape(json, text[at]);
            text = text[(at + 1)..];
        }

        return json.Append(text).Append('"');
    }

    /// <summary>The text as a JSON literal in UTF-8.</summary>
    public static byte[] ToLiteral(string text)
    {
        var json = new StringBuilder(text.Length + 16);
        AppendLiteral(json, text);
        return Encoding.UTF8.GetBytes(json.ToString());
    }

    /// <summary>The text of a JSON string.</summary>
    /// <remarks>
    /// JsonElement throws for text with lone surrogates or bytes that are not UTF-8. Its author could have an exception for each few bytes, so the raw form
    /// is read.
    /// </remarks>
    public static string Read(JsonElement element) => Unescape(JsonMarshal.GetRawUtf8Value(element)[1..^1]);

    /// <inheritdoc cref="Read(JsonElement)"/>
    public static string ReadName(JsonProperty property) => Unescape(JsonMarshal.GetRawUtf8PropertyName(property));

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        if (!raw.Contains((byte)'\\')) return Encoding.UTF8.GetString(raw);
        // One unit for each byte is enough: no character has more UTF-16 units than UTF-8 bytes, and no escape is shorter than its character.
        char[] units = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            int length = Unescape(units.AsSpan(0, Encoding.UTF8.GetChars(raw, units)));
            return new string(units, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(units);
        }
    }

    /// <summary>Replaces escapes in their place. Returns the length of the text.</summary>
    private static int Unescape(Span<char> text)
    {
        int length = 0;
        Span<char> rest = text;
        for (int at; (at = rest.IndexOf('\\')) >= 0;)
        {
            rest[..at].CopyTo(text[length..]);
            length += at;
            char kind = rest[at + 1];
            text[length++] = kind switch
            {
                'u' => (char)ushort.Parse(rest.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                _ => kind,
            };
            rest = rest[(at + (kind == 'u' ? 6 : 2))..];
        }

        rest.CopyTo(text[length..]);
        return length + rest.Length;
    }

    private static void AppendEscape(StringBuilder json, char unit)
    {
        char letter = unit switch
        {
            '"' or '\\' => unit,
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => '\0',
        };
        if (letter != '\0') json.Append('\\').Append(letter);
        else json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
    }
}

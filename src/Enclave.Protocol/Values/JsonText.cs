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
    public static string Read(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // JsonElement gives no text with lone surrogates; its raw form still has them.
            return Unescape(JsonMarshal.GetRawUtf8Value(element)[1..^1]);
        }
    }

    /// <inheritdoc cref="Read(JsonElement)"/>
    public static string ReadName(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Unescape(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        string text = Encoding.UTF8.GetString(raw);
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                plain.Append((char)ushort.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }

            plain.Append(text[i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                char other => other,
            });
        }

        return plain.ToString();
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

using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Enclave.Streaming.Json;

/// <summary>Writes JSON like <c>JSON.stringify</c>.</summary>
internal static class JavaScriptJson
{
    private static readonly SearchValues<char> s_escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select((code) => (char)code), '"', '\\']);

    /// <summary>The text of a value, up to a number of characters.</summary>
    /// <param name="json">A value whose strings are valid Unicode.</param>
    /// <param name="maxLength">Maximum number of characters.</param>
    /// <param name="isWhole">True if the text is complete.</param>
    public static string Write(JsonElement json, int maxLength, out bool isWhole)
    {
        // Token by token instead of recursively: the nesting comes from outside.
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(json), new JsonReaderOptions { MaxDepth = int.MaxValue });
        var output = new StringBuilder();
        JsonTokenType previous = JsonTokenType.None;
        while (output.Length <= maxLength && reader.Read())
        {
            bool first = previous is JsonTokenType.None or JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName;
            if (!first && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray)) output.Append(',');
            WriteToken(ref reader, output, maxLength);
            previous = reader.TokenType;
        }

        isWhole = output.Length <= maxLength;
        return output.ToString(0, Math.Min(output.Length, maxLength));
    }

    private static void WriteToken(ref Utf8JsonReader reader, StringBuilder output, int maxLength)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                WriteText(ref reader, output, maxLength);
                output.Append(':');
                break;
            case JsonTokenType.String:
                WriteText(ref reader, output, maxLength);
                break;
            case JsonTokenType.Number:
                output.Append(JavaScriptNumber.Normalise(reader.ValueSpan));
                break;
            default:
                output.Append(Encoding.ASCII.GetString(reader.ValueSpan));
                break;
        }
    }

    private static void WriteText(ref Utf8JsonReader reader, StringBuilder output, int maxLength)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(reader.ValueSpan.Length);
        ReadOnlySpan<char> text = buffer.AsSpan(0, reader.CopyString(buffer));
        output.Append('"');
        while (!text.IsEmpty && output.Length <= maxLength)
        {
            int plain = text.IndexOfAny(s_escaped);
            if (plain < 0) plain = text.Length;
            // One character more than requested shows that the text is incomplete.
            plain = Math.Min(plain, maxLength + 1 - output.Length);
            output.Append(text[..plain]);
            text = text[plain..];
            if (text.IsEmpty || !s_escaped.Contains(text[0])) continue;
            WriteEscape(text[0], output);
            text = text[1..];
        }

        output.Append('"');
        ArrayPool<char>.Shared.Return(buffer);
    }

    private static void WriteEscape(char character, StringBuilder output)
    {
        output.Append('\\');
        switch (character)
        {
            case '"' or '\\': output.Append(character); break;
            case '\b': output.Append('b'); break;
            case '\t': output.Append('t'); break;
            case '\n': output.Append('n'); break;
            case '\f': output.Append('f'); break;
            case '\r': output.Append('r'); break;
            default: output.Append(CultureInfo.InvariantCulture, $"u{(int)character:x4}"); break;
        }
    }
}

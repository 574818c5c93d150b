using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;

namespace Enclave.JavaScript.Text;

/// <summary>The characters that <c>\p{…}</c> stands for (ECMA-262 22.2.2.9). They are those of the engine's version of Unicode, not of .NET's.</summary>
internal static partial class UnicodeSets
{
    private static readonly Lazy<byte[]> s_text = new(Unpack);

    // Only properties that exist are kept, so their number is bounded.
    private static readonly ConcurrentDictionary<string, (int First, int Last)[]> s_found = new(StringComparer.Ordinal);

    /// <summary>The characters of a property, in order; null for a name that no property has.</summary>
    /// <param name="property">The text between the braces: <c>Lu</c>, <c>Emoji</c>, <c>Script=Greek</c>.</param>
    public static (int First, int Last)[]? Find(string property)
    {
        if (s_found.TryGetValue(property, out (int First, int Last)[]? found)) return found;
        int equals = property.IndexOf('=', StringComparison.Ordinal);
        string name = property[(equals + 1)..];
        ReadOnlySpan<string> kinds = equals < 0 ? ["gc", "b"] : property[..equals] switch
        {
            "General_Category" or "gc" => ["gc"],
            "Script" or "sc" => ["sc"],
            "Script_Extensions" or "scx" => ["scx"],
            _ => [],
        };
        foreach (string kind in kinds)
        {
            if (Find(kind, name) is { } ranges) return s_found[property] = ranges;
        }

        return null;
    }

    private static (int First, int Last)[]? Find(string kind, string name)
    {
        if (name.Length == 0 || !name.All(static (character) => char.IsAsciiLetterOrDigit(character) || character == '_')) return null;
        ReadOnlySpan<byte> text = s_text.Value, wanted = Encoding.ASCII.GetBytes($" {name}"), ofKind = Encoding.ASCII.GetBytes($"{kind} ");
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            if (!line.StartsWith(ofKind)) continue;
            int colon = line.IndexOf((byte)':');
            int at = line[..colon].IndexOf(wanted);
            // The wanted name may be a prefix of other names, as L is of Lao and Latin.
            while (at >= 0 && line[at + wanted.Length] is not ((byte)' ' or (byte)':'))
            {
                int next = line[(at + 1)..colon].IndexOf(wanted);
                at = next < 0 ? -1 : at + 1 + next;
            }

            if (at >= 0) return Ranges(line[(colon + 1)..]);
        }

        return null;
    }

    private static (int First, int Last)[] Ranges(ReadOnlySpan<byte> numbers)
    {
        var ranges = new List<(int First, int Last)>();
        int number = 0, first = -1, end = 0;
        foreach (byte digit in numbers.Length == 0 ? [] : (ReadOnlySpan<byte>)[.. numbers, (byte)' '])
        {
            if (digit != ' ')
            {
                number = (number * 32) + (digit <= '9' ? digit - '0' : digit - 'a' + 10);
                continue;
            }

            if (first < 0)
            {
                first = end + number;
            }
            else
            {
                ranges.Add((first, (end = first + number) - 1));
                first = -1;
            }

            number = 0;
        }

        return [.. ranges];
    }

    private static byte[] Unpack()
    {
        byte[] packed = Convert.FromBase64String(Encoding.ASCII.GetString(Packed)), text = new byte[TextLength];
        if (!BrotliDecoder.TryDecompress(packed, text, out int written) || written != text.Length)
            throw new InvalidOperationException("the table of Unicode's properties is damaged");
        return text;
    }
}

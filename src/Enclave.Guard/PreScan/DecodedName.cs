using System.Text;
using Enclave.JavaScript.Lexing;

namespace Enclave.Guard.PreScan;

/// <summary>Names written with Unicode escapes.</summary>
internal static class DecodedName
{
    /// <summary>Decodes the Unicode escapes of a name and copies everything else.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="decoded">A buffer as long as the name: an escape is never shorter than its character.</param>
    /// <returns>The number of units written.</returns>
    public static int Decode(ReadOnlySpan<char> name, Span<char> decoded)
    {
        int written = 0;
        for (int at = 0; at < name.Length;)
        {
            int length = ReadEscape(name[at..], out int codePoint);
            if (length == 0)
            {
                decoded[written++] = name[at++];
                continue;
            }

            at += length;
            if (Rune.TryCreate(codePoint, out Rune rune)) written += rune.EncodeToUtf16(decoded[written..]);
            else decoded[written++] = (char)codePoint;
        }

        return written;
    }

    // The length of the escape; 0 if there is none.
    private static int ReadEscape(ReadOnlySpan<char> text, out int codePoint)
    {
        codePoint = 0;
        if (!text.StartsWith("\\u")) return 0;
        bool braced = text.Length > 2 && text[2] == '{';
        int first = braced ? 3 : 2;
        int at = first;
        while (at < text.Length && (braced || at < first + 4) && CharacterTable.HexValue(text[at]) is >= 0 and int digit)
        {
            codePoint = (codePoint << 4) | digit;
            if (codePoint > 0x10FFFF) return 0;
            at++;
        }

        if (!braced) return at == first + 4 ? at : 0;
        return at > first && at < text.Length && text[at] == '}' ? at + 1 : 0;
    }
}

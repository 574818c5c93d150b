namespace Enclave.JavaScript.Lexing;

/// <summary>The tokens that an ASCII character can begin or continue: one load instead of a chain of comparisons.</summary>
public static class CharacterTable
{
    /// <summary>Characters that begin a name.</summary>
    public const byte IdentifierStart = 1;

    /// <summary>Characters within a name.</summary>
    public const byte IdentifierPart = 2;

    internal const byte Digit = 4;
    internal const byte HexDigit = 8;

    private static readonly byte[] s_classes = Build();

    /// <summary>Returns true if an ASCII character belongs to one of these classes.</summary>
    public static bool Is(char c, byte classes) => c < 128 && (s_classes[c] & classes) != 0;

    /// <summary>The classes of the first 128 characters, for loops that hold the table in a register.</summary>
    public static ReadOnlySpan<byte> Ascii => s_classes;

    /// <summary>The value of a hexadecimal digit; -1 for anything else.</summary>
    public static int HexValue(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };

    /// <summary>White space beyond ASCII (ECMA-262 12.2: NBSP, ZWNBSP and Unicode's Space_Separator).</summary>
    public static bool IsWideSpace(char c) =>
        c is '\u00A0' or '\uFEFF' or '\u1680' or (>= '\u2000' and <= '\u200A') or '\u202F' or '\u205F' or '\u3000';

    private static byte[] Build()
    {
        byte[] classes = new byte[128];
        for (int c = 0; c < 128; c++)
        {
            bool letter = char.IsAsciiLetter((char)c) || c is '$' or '_';
            bool digit = char.IsAsciiDigit((char)c);
            if (letter) classes[c] |= IdentifierStart;
            if (letter || digit) classes[c] |= IdentifierPart;
            if (digit) classes[c] |= Digit;
            if (char.IsAsciiHexDigit((char)c)) classes[c] |= HexDigit;
        }

        return classes;
    }
}

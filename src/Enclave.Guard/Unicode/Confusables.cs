using System.Collections.Frozen;

namespace Enclave.Guard.Unicode;

/// <summary>Letters of other scripts that look like an ASCII letter or digit.</summary>
/// <remarks>
/// The table has only letters that look alike in ordinary type: a lowercase м, which resembles an M at half height, is not in it. Full-width forms and
/// mathematical alphanumerics are computed, because Unicode keeps them in the order of ASCII.
/// </remarks>
internal static class Confusables
{
    // Each row: letters, and the ASCII characters that they resemble.
    private static readonly (string Letters, string Ascii)[] s_rows =
    [
        ("\u0405\u0406\u0408\u0410\u0412\u0415\u0417\u041A\u041C\u041D\u041E\u0420\u0421\u0422\u0423\u0425", "SIJABE3KMHOPCTYX"), // Cyrillic
        ("\u0430\u0433\u0435\u043A\u043E\u043F\u0440\u0441\u0443\u0445\u044C\u0455\u0456\u0458\u0474\u0475", "arekonpcyxbsijVv"), // Cyrillic
        ("\u04AE\u04AF\u04BB\u04C0\u04CF\u0501\u050C\u051A\u051B\u051C\u051D", "YyhIldGQqWw"), // Cyrillic
        ("\u037F\u0391\u0392\u0395\u0396\u0397\u0399\u039A\u039C\u039D\u039F\u03A1\u03A4\u03A5\u03A7\u03B1", "JABEZHIKMNOPTYXa"), // Greek
        ("\u03B3\u03B5\u03B7\u03B9\u03BA\u03BD\u03BF\u03C1\u03C4\u03C5\u03C7\u03C9\u03F2\u03F3\u03F9", "yenikvoptuxwcjC"), // Greek
        ("\u053C\u054D\u054F\u0555\u0561\u0566\u056C\u0570\u0575\u0578\u057D\u0581\u0584\u0585", "LUSOwqlhjnugpo"), // Armenian
        ("\u13A0\u13A1\u13A2\u13A5\u13AA\u13AB\u13AC\u13B3\u13B7\u13BB\u13BD\u13C0\u13C3\u13CF\u13D2\u13D4", "DRTiAJEWMHYGZbRW"), // Cherokee
        ("\u13D5\u13D9\u13DA\u13DE\u13DF\u13E2\u13E6\u13E7\u13F4", "SVSLCPKdB"), // Cherokee
        ("\u2C80\u2C82\u2C88\u2C8E\u2C92\u2C94\u2C98\u2C9A\u2C9E\u2C9F\u2CA2\u2CA3\u2CA4\u2CA5\u2CA6\u2CA8", "ABEHIKMNOoPpCcTY"), // Coptic
        ("\u2CAC", "X"), // Coptic
        ("\uA4D0\uA4D1\uA4D3\uA4D4\uA4D6\uA4D7\uA4D9\uA4DA\uA4DC\uA4DD\uA4DF\uA4E0\uA4E1\uA4E2\uA4E3\uA4E6", "BPDTGKJCZFMNLSRV"), // Lisu
        ("\uA4E7\uA4EA\uA4EB\uA4EC\uA4EE\uA4F0\uA4F2\uA4F3\uA4F4", "HWXYAEIOU"), // Lisu
        ("\u0251\u0261\u0262\u0269\u026A\u0274\u0280\u028F\u0299\u029C\u029F\u1D00\u1D04\u1D05\u1D07\u1D0A", "aggiinrybhlacdej"), // Phonetic
        ("\u1D0B\u1D0D\u1D0F\u1D18\u1D1B\u1D1C\u1D20\u1D21\u1D22\uA730\uA731", "kmoptuvwzfs"), // Phonetic
        ("\u2102\u210A\u210B\u210C\u210D\u210E\u2110\u2111\u2112\u2113\u2115\u2119\u211A\u211B\u211C\u211D", "CgHHHhIILlNPQRRR"), // Letterlike
        ("\u2124\u2128\u212A\u212C\u212D\u212F\u2130\u2131\u2133\u2134\u2139\u2145\u2146\u2147\u2148\u2149", "ZZKBCeEFMoiDdeij"), // Letterlike
        ("\u2160\u2164\u2169\u216C\u216D\u216E\u216F\u2170\u2174\u2179\u217C\u217D\u217E\u217F", "IVXLCDMivxlcdm"), // Letterlike
    ];

    private static readonly FrozenDictionary<char, char> s_letters = s_rows
        .SelectMany((row) => row.Letters.Zip(row.Ascii))
        .ToFrozenDictionary((pair) => pair.First, (pair) => pair.Second);

    /// <summary>The ASCII character that a code point resembles. NUL if there is none, or if it is ASCII itself.</summary>
    public static char AsciiOf(int codePoint)
    {
        if (codePoint < 0x80) return '\0';
        if (codePoint is >= 0xFF01 and <= 0xFF5E) return OfFullWidth((char)(codePoint - 0xFF01 + '!'));
        if (codePoint is >= 0x1D400 and <= 0x1D7FF) return OfMathematical(codePoint);
        return codePoint <= char.MaxValue ? s_letters.GetValueOrDefault((char)codePoint) : '\0';
    }

    private static char OfFullWidth(char ascii) => char.IsAsciiLetterOrDigit(ascii) || ascii == '_' ? ascii : '\0';

    // Thirteen alphabets of 52 letters, two dotless letters, Greek, five sets of digits. Gaps among the letters are unassigned, so names cannot contain them.
    private static char OfMathematical(int codePoint)
    {
        if (codePoint >= 0x1D7CE) return (char)('0' + ((codePoint - 0x1D7CE) % 10));
        if (codePoint == 0x1D6A4) return 'i';
        if (codePoint == 0x1D6A5) return 'j';
        if (codePoint > 0x1D6A3) return OfMathematicalGreek(codePoint);
        int letter = (codePoint - 0x1D400) % 52;
        return (char)(letter < 26 ? 'A' + letter : 'a' + letter - 26);
    }

    // Five alphabets of 58: twenty-five capitals from alpha, nabla, then twenty-five small letters from alpha and seven variants.
    private static char OfMathematicalGreek(int codePoint)
    {
        int letter = (codePoint - 0x1D6A8) % 58;
        if (codePoint is < 0x1D6A8 or > 0x1D7C9 || letter is 17 or 25 or >= 51) return '\0';
        int greek = letter < 25 ? 0x391 + letter : 0x3B1 + letter - 26;
        return s_letters.GetValueOrDefault((char)greek);
    }
}

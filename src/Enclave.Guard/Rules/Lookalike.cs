using System.Text;

namespace Enclave.Guard.Rules;

/// <summary>Names that people take for Latin ones.</summary>
internal static class Lookalike
{
    private const string Foreign = "аеорсухіјѕԁһӏвАВЕЅІЈКМНОРСТУХαοινρυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
    private const string Latin = "aeopcyxijsdhlbABESIJKMHOPCTYXaoivpukABEZHIKMNOPTYX";
    private static readonly Dictionary<char, char> s_twins = Foreign.Zip(Latin).ToDictionary((pair) => pair.First, (pair) => pair.Second);

    /// <summary>The Latin name that a name imitates; null if it is one, or honestly another script's.</summary>
    public static string? Of(string name)
    {
        var latin = new StringBuilder(name.Length);
        bool isMixed = false;
        foreach (Rune rune in name.EnumerateRunes())
        {
            if (rune.Value < 0x80)
            {
                isMixed |= rune.Value < 0x80 && char.IsAsciiLetter((char)rune.Value);
                latin.Append((char)rune.Value);
            }
            else if (Styled(rune.Value) is { } letter)
            {
                // Full-width and mathematical letters are Latin ones in costume, always.
                isMixed = true;
                latin.Append(letter);
            }
            else if (rune.IsBmp && s_twins.TryGetValue((char)rune.Value, out char twin)) latin.Append(twin);
            else return null;
        }

        return isMixed || IsWord(latin.ToString()) ? latin.ToString() : null;
    }

    private static bool IsWord(string latin) => latin is "eval" or "Function" or "process" or "require" or "console" or "callTool" or "Object" or "Array" or "constructor" or "prototype";

    private static char? Styled(int codePoint) => codePoint switch
    {
        >= 0xFF21 and <= 0xFF3A => (char)('A' + codePoint - 0xFF21),
        >= 0xFF41 and <= 0xFF5A => (char)('a' + codePoint - 0xFF41),
        // Thirteen alphabets of 52 letters (Unicode block Mathematical Alphanumeric Symbols).
        >= 0x1D400 and <= 0x1D6A3 => (codePoint - 0x1D400) % 52 is var place && place < 26 ? (char)('A' + place) : (char)('a' + ((codePoint - 0x1D400) % 52) - 26),
        _ => null,
    };
}

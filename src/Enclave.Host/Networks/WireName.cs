using System.Buffers;
using System.Text;

namespace Enclave.Networks;

/// <summary>
/// Compares names of parameters and headers as the most tolerant server does: in any case, percent-encoded or not, with <c>-</c>, <c>_</c> and <c>.</c>
/// equal, and with <c>name[]</c> and <c>name.member</c> as parts of <c>name</c>.
/// </summary>
internal static class WireName
{
    /// <summary>Layers of encoding to decode. Each proxy before the server may decode one.</summary>
    private const int Rounds = 3;

    /// <summary>Some servers fold letters: for them the Kelvin sign and the full-width K are a K.</summary>
    private const char AnyLetter = '?';

    private static readonly SearchValues<char> s_ends = SearchValues.Create("[.\0\r\n\t");

    /// <summary>True if a server may confuse the script's name with the one that carries a secret.</summary>
    public static bool IsLike(string name, string secret)
    {
        (string given, string own) = (Decoded(name), Decoded(secret));
        // A name without letters is compared unchanged.
        if (Letters(own).Length == 0) return given.Equals(own, StringComparison.OrdinalIgnoreCase);
        return AreLike(Letters(given), Letters(own)) || AreLike(Letters(Stem(given)), Letters(own)) || AreLike(Letters(Stem(given)), Letters(Stem(own)));
    }

    /// <summary>Keeps letters and digits, in upper case. Letters beyond ASCII become <see cref="AnyLetter"/>.</summary>
    public static string Letters(string name)
    {
        var letters = new StringBuilder(name.Length);
        foreach (Rune letter in name.EnumerateRunes())
        {
            if (!letter.IsAscii) letters.Append(AnyLetter);
            else if (Rune.IsLetterOrDigit(letter)) letters.Append(char.ToUpperInvariant((char)letter.Value));
        }

        return letters.ToString();
    }

    private static bool AreLike(string given, string own)
    {
        if (given.Length != own.Length) return false;
        for (int i = 0; i < given.Length; i++)
        {
            if (given[i] != own[i] && given[i] != AnyLetter && own[i] != AnyLetter) return false;
        }

        return true;
    }

    /// <summary>The part before the first bracket, dot or control character.</summary>
    private static string Stem(string name)
    {
        int end = name.AsSpan().IndexOfAny(s_ends);
        return end <= 0 ? name : name[..end];
    }

    private static string Decoded(string name)
    {
        for (int i = 0; i < Rounds; i++)
        {
            string decoded = Uri.UnescapeDataString(name.Replace('+', ' '));
            if (decoded == name) break;
            name = decoded;
        }

        return name;
    }
}

using System.Buffers;
using System.Text;
using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>
/// Names of parameters and headers, compared as the most forgiving server reads them: in any case, percent-encoded or not, <c>-</c>, <c>_</c> and <c>.</c>
/// alike, <c>name[]</c> and <c>name.member</c> as a part of <c>name</c>.
/// </summary>
internal static class WireName
{
    /// <summary>Encodings in encodings that are taken off. Each is one that some proxy takes off before the server does.</summary>
    private const int Rounds = 3;

    /// <summary>Servers make one letter of several: the Kelvin sign and the wide K are a K to some of them.</summary>
    private const char AnyLetter = '?';

    private static readonly SearchValues<char> s_ends = SearchValues.Create("[.\0\r\n\t");

    /// <summary>True if a server may take a name that the script chose for the one that carries a secret.</summary>
    public static bool IsLike(string name, string secret)
    {
        (string given, string own) = (Decoded(name), Decoded(secret));
        // A name of signs alone has no letters to be compared.
        if (Letters(own).Length == 0) return given.Equals(own, StringComparison.OrdinalIgnoreCase);
        return AreLike(Letters(given), Letters(own)) || AreLike(Letters(Stem(given)), Letters(own)) || AreLike(Letters(Stem(given)), Letters(Stem(own)));
    }

    /// <summary>Letters and digits alone, in upper case. One that is not of ASCII is <see cref="AnyLetter"/>.</summary>
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

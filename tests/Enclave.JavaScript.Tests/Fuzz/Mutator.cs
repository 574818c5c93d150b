using System.Text;
using System.Text.RegularExpressions;

namespace Enclave.JavaScript.Tests.Fuzz;

/// <summary>Damages texts: bytes, characters, and pieces that look like tokens.</summary>
internal sealed partial class Mutator(IReadOnlyList<string> seeds, Random random)
{
    private static readonly string[] s_insertions =
    [
        "\0", "\u2028", "\u2029", "\ufeff", "\u00a0", "\ud835", "\udc9c", "\ud835\udc9c", "\uffff", "\\", "\\u", "\\u{", "\\u{110000}", "\\x", "'", "\"", "`",
        "${", "}", "{", "(", ")", "[", "]",
        "/", "/*", "*/", "//", "<!--", "-->", "#", "#!", "#a", "@", "\r\n", "\r", "\n", "0", "0x", "1e", "1n", "1_", "_", ".", "...", "?.", "=>", "async ",
        "await ", "yield ", "let ", "using ",
        "static ", "class ", "function ", "function*", "import ", "export ", "new.target", "import.meta", "super", "in ", "of ", "get ", "set ", "?", ":", ";",
        ",", "=", "**", "??", "&&=", "++",
    ];

    /// <summary>A text with one to four changes.</summary>
    public string Next()
    {
        string text = Pick();
        for (int round = random.Next(1, 5); round > 0; round--)
        {
            text = random.Next(4) switch
            {
                0 => Bytes(text),
                1 => Tokens(text),
                _ => Characters(text),
            };
        }

        return text;
    }

    private string Pick() => seeds[random.Next(seeds.Count)];

    private string Characters(string text)
    {
        int at = random.Next(text.Length + 1), length = random.Next(Math.Min(text.Length - at, 40) + 1);
        return random.Next(6) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, text.Substring(at, length)),
            2 => text[..at],
            3 => text[..at] + Pick(),
            4 => text.Remove(at, length).Insert(at, ((char)random.Next(0x10000)).ToString()),
            _ => text.Insert(at, s_insertions[random.Next(s_insertions.Length)]),
        };
    }

    // Like a file with a flipped bit or a lost byte.
    private string Bytes(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length == 0) return text;
        int at = random.Next(bytes.Length);
        bytes[at] ^= (byte)(1 << random.Next(8));
        if (random.Next(4) == 0) bytes = [.. bytes[..at], .. bytes[(at + 1)..]];
        return Encoding.UTF8.GetString(bytes);
    }

    private string Tokens(string text)
    {
        List<string> tokens = [.. Piece.Matches(text).Select((match) => match.Value)];
        if (tokens.Count == 0) return text;
        int at = random.Next(tokens.Count), other = random.Next(tokens.Count);
        switch (random.Next(4))
        {
            case 0: tokens.RemoveAt(at); break;
            case 1: tokens.Insert(at, tokens[other]); break;
            case 2: (tokens[at], tokens[other]) = (tokens[other], tokens[at]); break;
            default: tokens[at] = s_insertions[random.Next(s_insertions.Length)]; break;
        }

        return string.Concat(tokens);
    }

    [GeneratedRegex(@"[\w$]+|\s+|[^\w\s$]+?", RegexOptions.CultureInvariant)]
    private static partial Regex Piece { get; }
}

namespace Enclave.JavaScript.Tests.RegExp;

/// <summary>Makes patterns from pieces of the grammar, most of them nearly valid, and breaks some of them.</summary>
internal sealed class PatternSamples(Random random)
{
    private static readonly string[] s_flags =
    [
        "", "", "", "i", "u", "u", "u", "v", "v", "v", "v", "s", "g", "m", "y", "d", "iu", "gv", "dgimsuy", "uv", "gg", "x",
    ];

    private static readonly string[] s_names =
    [
        "a", "b", "c", "$", "_9", "\\u0061", "\\u{62}", "𝒜", "\\ud835\\udc9c", "\\u{1d49c}", "é", "a\u200D", "9", "", "a-", "\\x61", "\\u{110000}",
    ];

    private static readonly string[] s_escapes =
    [
        "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\b", "\\B", "\\f", "\\n", "\\0", "\\00", "\\1", "\\2", "\\9", "\\10", "\\377", "\\400", "\\8",
        "\\cA", "\\cz", "\\c", "\\c1",
        "\\c_", "\\c-", "\\x41", "\\x4", "\\x", "\\u0041", "\\u004", "\\u{41}", "\\u{}", "\\u{110000}", "\\u{10ffff}", "\\ud83d\\ude00", "\\ud83d",
        "\\ude00", "\\/", "\\-", "\\.",
        "\\]", "\\}", "\\a", "\\k", "\\q", "\\_", "\\é", "\\&", "\\!", "\\#", "\\😀", "\\", "\\p{L}", "\\P{Lu}", "\\p{gc=Lu}", "\\p{Script=Greek}",
        "\\p{scx=Grek}", "\\p{sc=Nope}",
        "\\p{ASCII}", "\\p{Any}", "\\p{Nope}", "\\p{L", "\\p", "\\p{}", "\\p{=L}", "\\p{gc=}", "\\p{RGI_Emoji}", "\\P{RGI_Emoji}",
        "\\p{Basic_Emoji}", "\\p{ L}", "\\p{lu}", "\\p{Script}",
    ];

    private static readonly string[] s_characters =
    [
        "a", "b", "z", "0", "9", "-", "--", "&", "&&", "!", "!!", "/", ",", ":", "=", "<", ">", "{", "}", "]", "^", "😀", "\ud83d", "\ude00", " ",
        "\0", "é", "#", "@@", "~~", "..", "++",
    ];

    private static readonly string[] s_quantifiers =
    [
        "*", "+", "?", "*?", "+?", "??", "{1}", "{1,}", "{1,2}", "{2,1}", "{1}?", "{", "{1", "{,2}", "{a}", "{0,0}", "{007,8}",
        "{99999999999,99999999999}", "{1,}}", "**",
    ];

    private static readonly string[] s_modifiers =
    [
        "i", "m", "s", "ims", "i-m", "-i", "-ims", "ii", "i-i", "-", "i-", "x", "g", "i-m-s", "\\u0069", "I", "",
    ];

    private static readonly string[] s_noise =
    [
        "(", ")", "[", "]", "{", "}", "\\", "|", "*", "?", "-", "^", "&", "<", ">", ":", "=", "a", "1", "k", "\\k<a>", "(?<", "(?", "\\q{", "u",
    ];

    public (string Pattern, string Flags) Next()
    {
        string flags = Any(s_flags);
        string pattern = Disjunction(random.Next(4), flags);
        for (int mutations = random.Next(3) == 0 ? random.Next(1, 4) : 0; mutations > 0; mutations--) pattern = Mutate(pattern);
        return (pattern, flags);
    }

    private string Disjunction(int depth, string flags) =>
        string.Join('|', Many(1, 3, () => string.Concat(Many(0, 4, () => Term(depth, flags)))));

    private string Term(int depth, string flags)
    {
        string atom = random.Next(depth > 0 ? 14 : 8) switch
        {
            0 or 1 or 2 => Any(s_characters),
            3 or 4 => Any(s_escapes),
            5 => $"\\k<{Any(s_names)}>",
            6 => Any(["^", "$", ".", "\\b"]),
            7 => "x",
            8 or 9 => Class(depth - 1, flags),
            10 => $"({Disjunction(depth - 1, flags)})",
            11 => $"(?<{Any(s_names)}>{Disjunction(depth - 1, flags)})",
            12 => $"({Any(["?:", "?=", "?!", "?<=", "?<!", "?", "?<", "?P<a>"])}{Disjunction(depth - 1, flags)})",
            _ => $"(?{Any(s_modifiers)}:{Disjunction(depth - 1, flags)})",
        };
        return random.Next(4) == 0 ? atom + Any(s_quantifiers) : atom;
    }

    private string Class(int depth, string flags)
    {
        string negation = random.Next(3) == 0 ? "^" : "";
        string separator = flags.Contains('v', StringComparison.Ordinal) ? Any(["", "", "--", "&&"]) : "";
        return $"[{negation}{string.Join(separator, Many(0, 4, () => ClassMember(depth, flags)))}]";
    }

    private string ClassMember(int depth, string flags) => random.Next(flags.Contains('v', StringComparison.Ordinal) ? 10 : 6) switch
    {
        0 or 1 => Any(s_characters),
        2 or 3 => Any(s_escapes),
        4 or 5 => $"{Any(random.Next(2) == 0 ? s_characters : s_escapes)}-{Any(random.Next(2) == 0 ? s_characters : s_escapes)}",
        6 or 7 => $"\\q{{{string.Join('|', Many(0, 3, () => string.Concat(Many(0, 3, () => Any(random.Next(4) == 0 ? s_escapes : s_characters)))))}}}",
        _ when depth > 0 => Class(depth - 1, flags),
        _ => "a",
    };

    private string Mutate(string pattern)
    {
        int at = random.Next(pattern.Length + 1);
        int length = Math.Min(random.Next(1, 3), pattern.Length - at);
        return random.Next(4) switch
        {
            0 => pattern.Insert(at, Any(s_noise)),
            1 => pattern.Remove(at, length),
            2 => pattern.Insert(random.Next(pattern.Length + 1), pattern.Substring(at, length)),
            _ => pattern.Remove(at, length).Insert(at, Any(s_noise)),
        };
    }

    private string Any(string[] pieces) => pieces[random.Next(pieces.Length)];

    private IEnumerable<string> Many(int least, int most, Func<string> piece) => [.. Enumerable.Range(0, random.Next(least, most + 1)).Select((_) => piece())];
}

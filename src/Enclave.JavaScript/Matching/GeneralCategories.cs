using System.Collections.Frozen;
using System.Globalization;

namespace Enclave.JavaScript.Matching;

/// <summary>The general categories of Unicode that a regular expression may name, as bits of <see cref="UnicodeCategory"/>.</summary>
internal static class GeneralCategories
{
    /// <summary>All characters.</summary>
    public const int All = (1 << 30) - 1;

    // In the order of UnicodeCategory.
    private const string Brief = "LuLlLtLmLoMnMcMeNdNlNoZsZlZpCcCfCsCoPcPdPsPePiPfPoSmScSkSoCn";

    // PropertyValueAliases.txt of Unicode.
    private const string Long = """
        LC Cased_Letter, Pe Close_Punctuation, M Combining_Mark, Pc Connector_Punctuation, Cc Control, Cc cntrl, Sc Currency_Symbol, Pd Dash_Punctuation,
        Nd Decimal_Number, Nd digit, Me Enclosing_Mark, Pf Final_Punctuation, Cf Format, Pi Initial_Punctuation, L Letter, Nl Letter_Number,
        Zl Line_Separator, Ll Lowercase_Letter, M Mark, Sm Math_Symbol, Lm Modifier_Letter, Sk Modifier_Symbol, Mn Nonspacing_Mark, N Number,
        Ps Open_Punctuation, C Other, Lo Other_Letter, No Other_Number, Po Other_Punctuation, So Other_Symbol, Zp Paragraph_Separator, Co Private_Use,
        P Punctuation, P punct, Z Separator, Zs Space_Separator, Mc Spacing_Mark, Cs Surrogate, S Symbol, Lt Titlecase_Letter, Cn Unassigned,
        Lu Uppercase_Letter
        """;

    private static readonly FrozenDictionary<string, string> s_brief = Long.Split(',', StringSplitOptions.TrimEntries).Select((pair) => pair.Split(' '))
        .ToFrozenDictionary((pair) => pair[1], (pair) => pair[0], StringComparer.Ordinal);

    /// <summary>The categories of <c>\p{name}</c>; 0 for another property.</summary>
    public static int Of(ReadOnlySpan<char> name)
    {
        foreach (string prefix in (ReadOnlySpan<string>)["General_Category=", "gc="])
        {
            if (name.StartsWith(prefix)) name = name[prefix.Length..];
        }

        if (s_brief.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out string? brief)) name = brief;
        if (name is "LC") return 0b111;
        int categories = 0;
        for (int i = 0; i < Brief.Length; i += 2)
        {
            if (name.Length is 1 or 2 && Brief.AsSpan(i, name.Length).SequenceEqual(name)) categories |= 1 << (i / 2);
        }

        return categories;
    }
}

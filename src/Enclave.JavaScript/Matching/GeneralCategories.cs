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
    private static readonly FrozenDictionary<string, string> s_long = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Cased_Letter"] = "LC", ["Close_Punctuation"] = "Pe", ["Combining_Mark"] = "M", ["Connector_Punctuation"] = "Pc", ["Control"] = "Cc", ["cntrl"] = "Cc",
        ["Currency_Symbol"] = "Sc", ["Dash_Punctuation"] = "Pd", ["Decimal_Number"] = "Nd", ["digit"] = "Nd", ["Enclosing_Mark"] = "Me",
        ["Final_Punctuation"] = "Pf", ["Format"] = "Cf", ["Initial_Punctuation"] = "Pi", ["Letter"] = "L", ["Letter_Number"] = "Nl",
        ["Line_Separator"] = "Zl", ["Lowercase_Letter"] = "Ll", ["Mark"] = "M", ["Math_Symbol"] = "Sm", ["Modifier_Letter"] = "Lm",
        ["Modifier_Symbol"] = "Sk", ["Nonspacing_Mark"] = "Mn", ["Number"] = "N", ["Open_Punctuation"] = "Ps", ["Other"] = "C", ["Other_Letter"] = "Lo",
        ["Other_Number"] = "No", ["Other_Punctuation"] = "Po", ["Other_Symbol"] = "So", ["Paragraph_Separator"] = "Zp", ["Private_Use"] = "Co",
        ["Punctuation"] = "P", ["punct"] = "P", ["Separator"] = "Z", ["Space_Separator"] = "Zs", ["Spacing_Mark"] = "Mc", ["Surrogate"] = "Cs",
        ["Symbol"] = "S", ["Titlecase_Letter"] = "Lt", ["Unassigned"] = "Cn", ["Uppercase_Letter"] = "Lu",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The categories of <c>\p{name}</c>; 0 for another property.</summary>
    public static int Of(ReadOnlySpan<char> name)
    {
        foreach (string prefix in (ReadOnlySpan<string>)["General_Category=", "gc="])
        {
            if (name.StartsWith(prefix)) name = name[prefix.Length..];
        }

        if (s_long.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out string? brief)) name = brief;
        if (name is "LC") return 0b111;
        int categories = 0;
        for (int i = 0; i < Brief.Length; i += 2)
        {
            if (name.Length is 1 or 2 && Brief.AsSpan(i, name.Length).SequenceEqual(name)) categories |= 1 << (i / 2);
        }

        return categories;
    }
}

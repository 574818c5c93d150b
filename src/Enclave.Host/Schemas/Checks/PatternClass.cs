using System.Collections.Frozen;
using System.Text;

namespace Enclave.Schemas.Checks;

/// <summary>A set of characters in a pattern: ranges of code points, and Unicode categories.</summary>
internal sealed class PatternClass
{
    private const int Last = 0x10FFFF, FirstPair = 0x10000;

    private static readonly (int, int)[] s_digits = [('0', '9')];
    private static readonly (int, int)[] s_words = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

    private static readonly (int, int)[] s_blanks =
        [(9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
        (0xFEFF, 0xFEFF)];

    private static readonly FrozenDictionary<string, string> s_categories = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Letter"] = "L",
        ["Uppercase_Letter"] = "Lu",
        ["Lowercase_Letter"] = "Ll",
        ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo",
        ["Mark"] = "M",
        ["Nonspacing_Mark"] = "Mn",
        ["Spacing_Mark"] = "Mc",
        ["Enclosing_Mark"] = "Me",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd",
        ["Letter_Number"] = "Nl",
        ["Other_Number"] = "No",
        ["Punctuation"] = "P",
        ["punct"] = "P",
        ["Symbol"] = "S",
        ["Math_Symbol"] = "Sm",
        ["Currency_Symbol"] = "Sc",
        ["Modifier_Symbol"] = "Sk",
        ["Other_Symbol"] = "So",
        ["Separator"] = "Z",
        ["Space_Separator"] = "Zs",
        ["Other"] = "C",
        ["Control"] = "Cc",
        ["Format"] = "Cf",
        ["Pd"] = "Pd",
        ["Ps"] = "Ps",
        ["Pe"] = "Pe",
        ["Pi"] = "Pi",
        ["Pf"] = "Pf",
        ["Pc"] = "Pc",
        ["Po"] = "Po",
        ["Zl"] = "Zl",
        ["Zp"] = "Zp",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly List<(int From, int To)> _ranges = [];

    // It holds characters of one unit: .NET knows no categories of pairs.
    private readonly StringBuilder _named = new();
    private bool _isNegated;

    /// <summary>Reads a class in brackets.</summary>
    public bool TryRead(ReadOnlySpan<char> pattern, ref int at)
    {
        int i = at + 1;
        if (i < pattern.Length && pattern[i] == '^') (_isNegated, i) = (true, i + 1);
        while (true)
        {
            if (i >= pattern.Length) return false;
            if (pattern[i] == ']') break;
            if (TrySet(pattern, ref i))
            {
                // A set is no end of a range.
                if (i + 1 < pattern.Length && pattern[i] == '-' && pattern[i + 1] != ']') return false;
                continue;
            }

            if (!TryOne(pattern, ref i, out int from)) return false;
            int to = from;
            if (i + 1 < pattern.Length && pattern[i] == '-' && pattern[i + 1] != ']')
            {
                i++;
                if (!TryOne(pattern, ref i, out to) || to < from) return false;
            }

            _ranges.Add((from, to));
        }

        at = i + 1;
        return true;
    }

    /// <summary>Reads the letter of <c>\d</c> or of its like. False if it is another escape.</summary>
    public bool TryEscape(ReadOnlySpan<char> pattern, ref int at)
    {
        switch (pattern[at])
        {
            case 'd': _ranges.AddRange(s_digits); break;
            case 'D': _ranges.AddRange(Others(s_digits)); break;
            case 'w': _ranges.AddRange(s_words); break;
            case 'W': _ranges.AddRange(Others(s_words)); break;
            case 's': _ranges.AddRange(s_blanks); break;
            case 'S': _ranges.AddRange(Others(s_blanks)); break;
            case 'p' or 'P':
                int end = pattern[at..].IndexOf('}');
                if (end < 3 || pattern[at + 1] != '{' || Category(pattern.Slice(at + 2, end - 2).ToString()) is not { } category) return false;
                _named.Append('\\').Append(pattern[at]).Append('{').Append(category).Append('}');
                if (pattern[at] == 'P') _ranges.Add((FirstPair, Last));
                at += end;
                break;
            default: return false;
        }

        at++;
        return true;
    }

    public void AppendTo(StringBuilder text)
    {
        // The units of pairs are no characters.
        (int From, int To)[] all = [.. _isNegated ? Others(_ranges) : Joined(_ranges)];
        var units = new StringBuilder();
        if (_isNegated && _named.Length > 0)
        {
            foreach ((int from, int to) in Joined(_ranges).Where((range) => range.From < FirstPair)) Append(units, from, Math.Min(to, FirstPair - 1));
            units.Insert(0, '^').Append(_named).Append(@"\ud800-\udfff");
        }
        else
        {
            foreach ((int from, int to) in all.Where((range) => range.From < FirstPair)) Append(units, from, Math.Min(to, FirstPair - 1));
            if (_isNegated && units.Length > 0) units.Append(@"-[\ud800-\udfff]");
            units.Append(_named);
        }

        var pairs = all.Where((range) => range.To >= FirstPair).Select((range) => Pairs(Math.Max(range.From, FirstPair), range.To)).ToList();
        // A class that is empty matches nothing.
        if (units.Length == 0 && pairs.Count == 0) text.Append(@"[^\u0000-\uffff]");
        else if (pairs.Count == 0) text.Append('[').Append(units).Append(']');
        else text.Append("(?:").AppendJoin('|', units.Length == 0 ? pairs : pairs.Append($"[{units}]")).Append(')');
    }

    private bool TrySet(ReadOnlySpan<char> pattern, ref int at)
    {
        int i = at + 1;
        if (pattern[at] != '\\' || i >= pattern.Length || !TryEscape(pattern, ref i)) return false;
        at = i;
        return true;
    }

    private static bool TryOne(ReadOnlySpan<char> pattern, ref int at, out int character)
    {
        character = 0;
        if (at >= pattern.Length) return false;
        if (pattern[at] != '\\')
        {
            character = PatternText.CodePoint(pattern, ref at);
            return true;
        }

        at++;
        if (at < pattern.Length && pattern[at] == 'b')
        {
            (character, at) = ('\b', at + 1);
            return true;
        }

        return PatternText.TryCharacter(pattern, ref at, out character);
    }

    private static string? Category(string name)
    {
        foreach (string prefix in (string[])["General_Category=", "gc="])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) name = name[prefix.Length..];
        }

        return s_categories.TryGetValue(name, out string? brief) ? brief : s_categories.Values.Contains(name) ? name : null;
    }

    private static IEnumerable<(int From, int To)> Joined(IEnumerable<(int From, int To)> ranges)
    {
        (int From, int To)? open = null;
        foreach ((int From, int To) next in ranges.Order())
        {
            if (open is not { } before) open = next;
            else if (next.From <= before.To + 1) open = (before.From, Math.Max(before.To, next.To));
            else
            {
                yield return before;
                open = next;
            }
        }

        if (open is { } last) yield return last;
    }

    private static IEnumerable<(int From, int To)> Others(IEnumerable<(int From, int To)> ranges)
    {
        int next = 0;
        foreach ((int from, int to) in Joined(ranges))
        {
            if (from > next) yield return (next, from - 1);
            next = to + 1;
        }

        if (next <= Last) yield return (next, Last);
    }

    private static void Append(StringBuilder units, int from, int to)
    {
        units.Append(PatternText.Escaped(from));
        if (to > from) units.Append('-').Append(PatternText.Escaped(to));
    }

    /// <summary>A range beyond the first plane, as units: the rest of its first lead, whole leads, the start of its last lead.</summary>
    private static string Pairs(int from, int to)
    {
        string first = char.ConvertFromUtf32(from), last = char.ConvertFromUtf32(to);
        if (first[0] == last[0]) return Part(first[0], first[0], first[1], last[1]);
        var parts = new List<string> { Part(first[0], first[0], first[1], '\uDFFF'), Part(last[0], last[0], '\uDC00', last[1]) };
        if (last[0] - first[0] > 1) parts.Add(Part((char)(first[0] + 1), (char)(last[0] - 1), '\uDC00', '\uDFFF'));
        return string.Join('|', parts);

        static string Part(char lead, char leadTo, char trail, char trailTo)
        {
            var text = new StringBuilder("[");
            Append(text, lead, leadTo);
            text.Append("][");
            Append(text, trail, trailTo);
            return text.Append(']').ToString();
        }
    }
}

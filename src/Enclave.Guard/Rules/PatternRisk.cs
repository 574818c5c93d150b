namespace Enclave.Guard.Rules;

/// <summary>How likely a pattern backtracks without end, from 0 to 100. One pass.</summary>
/// <remarks>The engine falls back on its linear matcher at run time; this tells the author before.</remarks>
internal static class PatternRisk
{
    public const int Suspicious = 50;
    public const int Vulnerable = 80;

    private const int MaxDepth = 64;
    private const int MaxWildcards = 3;

    /// <summary>The risk of a pattern.</summary>
    public static int Of(ReadOnlySpan<char> pattern)
    {
        Span<Group> open = stackalloc Group[MaxDepth];
        int depth = 0, risk = 0, wildcards = 0;
        var last = default(Group);
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    last = default;
                    break;
                case '[':
                    i = EndOfClass(pattern, i);
                    last = default;
                    break;
                case '(':
                    if (++depth == MaxDepth) return Vulnerable;
                    open[depth] = new Group(i);
                    break;
                case ')' when depth > 0:
                    last = open[depth--] with { End = i };
                    open[depth] = open[depth] with { Repeats = open[depth].Repeats || last.Repeats };
                    break;
                case '|':
                    open[depth] = open[depth] with { Branches = true };
                    break;
                case '*' or '+' or '{':
                    if (!IsUnbounded(pattern, i)) break;
                    risk = Math.Max(risk, RiskOf(pattern, last));
                    // Each one that follows another multiplies the ways to divide a text between them.
                    if (i > 0 && pattern[i - 1] == '.' && ++wildcards == MaxWildcards) risk = Math.Max(risk, 70);
                    open[depth] = open[depth] with { Repeats = true };
                    last = default;
                    break;
                case '?':
                    break;
                default:
                    last = default;
                    break;
            }
        }

        return risk;
    }

    private static bool IsUnbounded(ReadOnlySpan<char> pattern, int at)
    {
        if (pattern[at] != '{') return true;
        int end = pattern[at..].IndexOf('}');
        // {2,} has no upper bound; {2,3} and a brace that is text have.
        return end > 2 && pattern[at + end - 1] == ',' && char.IsAsciiDigit(pattern[at + 1]);
    }

    private static int RiskOf(ReadOnlySpan<char> pattern, Group group)
    {
        if (group.End == 0) return 0;
        if (group.Repeats) return HasSeparator(pattern[(group.Start + 1)..group.End]) ? 0 : 90;
        return group.Branches && BranchesOverlap(pattern[(group.Start + 1)..group.End]) ? Vulnerable : 0;
    }

    /// <summary>Whether a repeated group begins or ends with a character of its own, as in (,\d+)*: then there is one way to divide the text.</summary>
    private static bool HasSeparator(ReadOnlySpan<char> body)
    {
        if (body.StartsWith("?:")) body = body[2..];
        if (body.IsEmpty) return false;
        bool first = !char.IsLetterOrDigit(body[0]) && !"\\[(.^$|".Contains(body[0], StringComparison.Ordinal) && (body.Length < 2 || !"*+?{".Contains(body[1], StringComparison.Ordinal));
        return first || (body.Length > 2 && body[0] == '\\' && !char.IsLetterOrDigit(body[1]) && !"*+?{".Contains(body[2], StringComparison.Ordinal));
    }

    private static bool BranchesOverlap(ReadOnlySpan<char> body)
    {
        if (body.StartsWith("?:")) body = body[2..];
        int bar = body.IndexOf('|');
        if (bar <= 0 || bar + 1 >= body.Length) return bar >= 0;
        return body[0] == body[bar + 1] && (body[0] != '\\' || (bar > 1 && bar + 2 < body.Length && body[1] == body[bar + 2]));
    }

    private static int EndOfClass(ReadOnlySpan<char> pattern, int at)
    {
        for (at++; at < pattern.Length && pattern[at] != ']'; at++)
        {
            if (pattern[at] == '\\') at++;
        }

        return at;
    }

    private readonly record struct Group(int Start)
    {
        public int End { get; init; }

        public bool Repeats { get; init; }

        public bool Branches { get; init; }
    }
}

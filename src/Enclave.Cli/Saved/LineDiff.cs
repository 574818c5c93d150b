namespace Enclave.Cli.Saved;

/// <summary>Compares two texts by lines: the lines that one lacks, with the lines around them.</summary>
internal static class LineDiff
{
    private const int Around = 3;

    // The largest table, with one cell for each pair of lines. Longer texts are shown one after the other.
    private const long MaxCells = 16_000_000;

    /// <summary>The lines of a unified diff without its header; none if the texts are equal.</summary>
    public static IReadOnlyList<string> Between(string before, string after)
    {
        string[] one = Lines(before), other = Lines(after);
        List<(char Mark, string Line)> all = Marked(one, other);
        var shown = new List<string>();
        int last = -1;
        for (int i = 0; i < all.Count; i++)
        {
            bool isNear = false;
            for (int j = Math.Max(0, i - Around); j <= Math.Min(all.Count - 1, i + Around) && !isNear; j++) isNear = all[j].Mark != ' ';
            if (!isNear) continue;
            if (last != i - 1 && shown.Count > 0) shown.Add("…");
            last = i;
            shown.Add($"{all[i].Mark} {all[i].Line}");
        }

        return shown;
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static List<(char Mark, string Line)> Marked(string[] one, string[] other)
    {
        int begin = 0, end = 0, least = Math.Min(one.Length, other.Length);
        while (begin < least && one[begin] == other[begin]) begin++;
        while (end < least - begin && one[^(end + 1)] == other[^(end + 1)]) end++;
        List<(char Mark, string Line)> marked = [.. one[..begin].Select((line) => (' ', line))];
        marked.AddRange(Changed(one[begin..^end], other[begin..^end]));
        marked.AddRange(one[^end..].Select((line) => (' ', line)));
        return marked;
    }

    private static IEnumerable<(char Mark, string Line)> Changed(string[] one, string[] other)
    {
        if ((one.Length + 1L) * (other.Length + 1L) > MaxCells)
        {
            foreach (string line in one) yield return ('-', line);
            foreach (string line in other) yield return ('+', line);
            yield break;
        }

        int[,] common = Common(one, other);
        (int i, int j) = (0, 0);
        while (i < one.Length || j < other.Length)
        {
            if (i < one.Length && j < other.Length && one[i] == other[j])
            {
                yield return (' ', one[i]);
                (i, j) = (i + 1, j + 1);
            }
            else if (j == other.Length || (i < one.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return ('-', one[i++]);
            }
            else
            {
                yield return ('+', other[j++]);
            }
        }
    }

    /// <summary>The most common lines of the rests that begin at each pair of lines.</summary>
    private static int[,] Common(string[] one, string[] other)
    {
        int[,] common = new int[one.Length + 1, other.Length + 1];
        for (int i = one.Length - 1; i >= 0; i--)
        {
            for (int j = other.Length - 1; j >= 0; j--)
                common[i, j] = one[i] == other[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        return common;
    }
}

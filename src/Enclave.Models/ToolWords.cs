using System.Text;

namespace Enclave.Models;

/// <summary>Splits names and sentences into comparable words: lower case, without endings of number and time.</summary>
internal static class ToolWords
{
    public const int MaxQueryWords = 64;

    private const int MaxCharacters = 8_000;

    private static readonly HashSet<string> s_empty = new(["a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its",
        "of", "on", "or", "that", "the", "this", "to", "with"], StringComparer.Ordinal);

    public static IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        char before = ' ';
        foreach (char letter in text.AsSpan(0, Math.Min(text.Length, MaxCharacters)).ToString())
        {
            bool isPart = char.IsLetterOrDigit(letter);
            // createIssue is two words, HTTP is one.
            bool begins = isPart && char.IsUpper(letter) && !char.IsUpper(before) && word.Length > 0;
            if ((!isPart || begins) && word.Length > 0)
            {
                if (Stem(word.ToString()) is { } whole) yield return whole;
                word.Clear();
            }

            if (isPart) word.Append(char.ToLowerInvariant(letter));
            before = letter;
        }

        if (word.Length > 0 && Stem(word.ToString()) is { } last) yield return last;
    }

    /// <summary>The word without its ending; null for one without meaning.</summary>
    private static string? Stem(string word)
    {
        if (s_empty.Contains(word)) return null;
        if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal)) return $"{word[..^3]}y";
        if (word.Length > 5 && word.EndsWith("ing", StringComparison.Ordinal)) return word[..^3].TrimEnd('e');
        if (word.Length > 4 && word.EndsWith("ed", StringComparison.Ordinal)) return word[..^2].TrimEnd('e');
        if (word.Length > 3 && word[^1] == 's' && word[^2] != 's') word = word[..^1];
        return word.Length > 3 ? word.TrimEnd('e') : word;
    }
}

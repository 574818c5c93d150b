using System.Buffers;
using static Enclave.Secrets.SecretPatterns;

namespace Enclave.Secrets;

/// <summary>
/// Finds values in a text, as they are, broken into lines, and under layers of escapes. The time is the text's length times the number of patterns and of
/// layers. The memory is that of a window, whatever the text's length.
/// </summary>
internal sealed class SecretScan(SecretPatterns patterns)
{
    /// <summary>The least number of characters that are decoded at a time.</summary>
    private const int Window = 32 << 10;

    /// <summary>Characters of a text that one character of a value may take: <c>%5C%75%30%30%34%31</c>, and space for another layer.</summary>
    private const int Spread = 36;

    /// <summary>From this number of patterns on, their beginnings are sought together first: most texts hold none of them.</summary>
    private const int Many = 100;

    private readonly int _longest = patterns.Longest;

    private readonly SearchValues<string>? _beginnings = Beginnings([.. patterns.AsWritten.Concat(patterns.Decoded)]);

    /// <summary>Their places, in order and not overlapping; null if there are none.</summary>
    public List<(int Start, int End)>? Find(ReadOnlySpan<char> text)
    {
        List<(int Start, int End)>? found = null;
        foreach (Pattern pattern in MayHold(text) ? patterns.AsWritten : [])
        {
            for (int at = 0; text[at..].IndexOf(pattern.Text) is >= 0 and int next; at += next + pattern.Text.Length)
                Add(ref found, text, at + next, at + next + pattern.Text.Length, pattern);
        }

        if (Escapes.Any(text) || LineBreaks.Any(text)) Decode(text, ref found);
        return found is null ? null : Joined(found);
    }

    // No pattern is shorter than the shortest value.
    private static SearchValues<string>? Beginnings(Pattern[] patterns) => patterns.Length < Many ? null
        : SearchValues.Create([.. patterns.Select((pattern) => pattern.Text[..SecretMask.Least]).Distinct(StringComparer.Ordinal)], StringComparison.Ordinal);

    private bool MayHold(ReadOnlySpan<char> text) => _beginnings is null || text.ContainsAny(_beginnings);

    private void Decode(ReadOnlySpan<char> text, ref List<(int Start, int End)>? found)
    {
        // A value that begins in a window ends in it or in the next one, because windows overlap by the longest value.
        int overlap = Math.Min(text.Length, _longest * Spread), window = Math.Min(text.Length, Math.Max(Window, 4 * overlap));
        char[] letters = ArrayPool<char>.Shared.Rent(window);
        int[] places = ArrayPool<int>.Shared.Rent(window + 1);
        try
        {
            for (int start = 0; ; start += window - overlap)
            {
                int length = Math.Min(window, text.Length - start);
                text.Slice(start, length).CopyTo(letters);
                for (int i = 0; i < length; i++) places[i] = start + i;
                Layers(letters.AsSpan(0, length), places, start + length, text, ref found);
                if (start + length == text.Length) break;
            }
        }
        finally
        {
            // Cleared, because the letters may contain a secret.
            ArrayPool<char>.Shared.Return(letters, clearArray: true);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    private void Layers(Span<char> letters, int[] places, int end, ReadOnlySpan<char> text, ref List<(int Start, int End)>? found)
    {
        // Patterns exist also without the values' own line breaks.
        if (LineBreaks.Any(letters))
        {
            letters = letters[..LineBreaks.OffWithIndentation(letters, places)];
            Search(letters, places, end, text, ref found);
        }

        for (int layer = 0; layer < SecretMask.Layers && Escapes.Any(letters); layer++)
        {
            letters = letters[..Escapes.Off(letters, places)];
            Search(letters, places, end, text, ref found);
            if (!LineBreaks.Any(letters)) continue;
            // A blank here may be the plus of base64, so only line breaks are removed.
            letters = letters[..LineBreaks.Off(letters, places)];
            Search(letters, places, end, text, ref found);
        }
    }

    private void Search(ReadOnlySpan<char> letters, int[] places, int end, ReadOnlySpan<char> text, ref List<(int Start, int End)>? found)
    {
        places[letters.Length] = end;
        foreach (Pattern pattern in MayHold(letters) ? patterns.Decoded : [])
        {
            for (int at = 0; letters[at..].IndexOf(pattern.Text) is >= 0 and int next; at += next + pattern.Text.Length)
            {
                Add(ref found, text, places[at + next], places[at + next + pattern.Text.Length], pattern);
            }
        }
    }

    private static void Add(ref List<(int Start, int End)>? found, ReadOnlySpan<char> text, int start, int end, Pattern pattern)
    {
        // The line break behind a value is not part of it.
        if (!char.IsWhiteSpace(pattern.Text[^1])) end = start + text[start..end].TrimEnd(" \t\r\n").Length;
        (found ??= []).Add((Math.Max(0, start - pattern.Left), Math.Min(text.Length, end + pattern.Right)));
    }

    private static List<(int Start, int End)> Joined(List<(int Start, int End)> found)
    {
        found.Sort();
        var joined = new List<(int Start, int End)>(found.Count);
        foreach ((int start, int end) in found)
        {
            // Two adjacent values stay two.
            if (joined.Count > 0 && start < joined[^1].End) joined[^1] = (joined[^1].Start, Math.Max(end, joined[^1].End));
            else joined.Add((start, end));
        }

        return joined;
    }
}

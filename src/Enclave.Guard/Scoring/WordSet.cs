using System.Collections.Frozen;

namespace Enclave.Guard.Scoring;

/// <summary>A set of words to find among the segments of a name.</summary>
internal sealed class WordSet(params IEnumerable<string> words)
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _words = words.ToFrozenSet(StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True if one of the name's words is in the set.</summary>
    public bool IsIn(string name)
    {
        Span<char> buffer = stackalloc char[WordSegments.Longest];
        var segments = new WordSegments(name, buffer);
        while (segments.MoveNext())
        {
            if (_words.Contains(segments.Current)) return true;
        }

        return false;
    }
}

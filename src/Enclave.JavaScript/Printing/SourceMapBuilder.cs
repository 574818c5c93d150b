using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>Collects which offset of the printed text comes from which offset of the source.</summary>
internal sealed class SourceMapBuilder(string source)
{
    // What stands between a node and the token after it is a few closing parentheses and blanks; a comment there costs exactness, not time.
    private const int Reach = 32;
    private (int Generated, int Original)[] _segments = new (int, int)[256];
    private int _count;

    public void Add(int generated, int original)
    {
        // Nodes that a rewriter made up may have offsets of nowhere.
        if ((uint)original > (uint)source.Length) return;
        // The last node to begin at a place is the innermost.
        if (_count > 0 && _segments[_count - 1].Generated == generated) _count--;
        if (_count == _segments.Length) Array.Resize(ref _segments, _count * 2);
        _segments[_count++] = (generated, original);
    }

    /// <summary>Adds a segment for a token that the tree has no offset of: the first of its kind after the end of the node in front of it.</summary>
    public void AddAfter(int generated, int from, char token)
    {
        if ((uint)from > (uint)source.Length) return;
        ReadOnlySpan<char> gap = source.AsSpan(from, Math.Min(Reach, source.Length - from));
        for (int i = 0; i < gap.Length; i++)
        {
            if (gap[i] == token)
            {
                Add(generated, from + i);
                return;
            }

            if (!char.IsWhiteSpace(gap[i]) && gap[i] is not (')' or '?' or '.')) break;
        }

        Add(generated, from);
    }

    public SourceMap Build(string text)
    {
        var lines = new LineMap(text);
        var places = new SourcePosition[_count];
        var offsets = new int[_count];
        for (int i = 0; i < _count; i++)
        {
            places[i] = lines.At(_segments[i].Generated);
            offsets[i] = _segments[i].Original;
        }

        return new SourceMap(places, offsets, new LineMap(source));
    }
}

using System.Buffers;

namespace Enclave.JavaScript.Printing;

/// <summary>Collects which offset of the printed text comes from which offset of the source.</summary>
internal sealed class SourceMapBuilder(string source) : IDisposable
{
    // What stands between a node and the token after it is a few closing parentheses and blanks; a comment there costs exactness, not time.
    private const int Reach = 32;
    private SourceMap.Segment[] _segments = ArrayPool<SourceMap.Segment>.Shared.Rent(512);
    private int _count;

    public void Add(int generated, int original)
    {
        // Nodes that a rewriter made up may have offsets of nowhere.
        if ((uint)original > (uint)source.Length) return;
        // The last node to begin at a place is the innermost.
        if (_count > 0 && _segments[_count - 1].Generated == generated) _count--;
        if (_count == _segments.Length) Grow();
        _segments[_count++] = new SourceMap.Segment(generated, original);
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

    public SourceMap Build(string text) => new(_segments.AsSpan(0, _count).ToArray(), text, source);

    public void Dispose() => ArrayPool<SourceMap.Segment>.Shared.Return(_segments);

    private void Grow()
    {
        SourceMap.Segment[] larger = ArrayPool<SourceMap.Segment>.Shared.Rent(_count * 2);
        _segments.CopyTo(larger, 0);
        ArrayPool<SourceMap.Segment>.Shared.Return(_segments);
        _segments = larger;
    }
}

using System.Buffers;

namespace Enclave.JavaScript.Printing;

/// <summary>Collects pairs of offsets: in the printed text, and in the source.</summary>
internal sealed class SourceMapBuilder(string source) : IDisposable
{
    // Only a few closing parentheses and blanks stand between a node and the token behind it. A longer comment there costs accuracy, not time.
    private const int Reach = 32;
    private SourceMap.Segment[] _segments = ArrayPool<SourceMap.Segment>.Shared.Rent(512);
    private int _count;

    public void Add(int generated, int original)
    {
        // Nodes that a rewriter created may have invalid offsets.
        if ((uint)original > (uint)source.Length) return;
        // The last node that begins at a place is the innermost.
        if (_count > 0 && _segments[_count - 1].Generated == generated) _count--;
        if (_count == _segments.Length) Grow();
        _segments[_count++] = new SourceMap.Segment(generated, original);
    }

    /// <summary>Adds a segment for a token without an offset in the tree: its first occurrence behind the node before it.</summary>
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

using System.Buffers;

namespace Enclave.JavaScript.Text;

/// <summary>Converts offsets to lines and columns. The line ends are those of the language (ECMA-262 12.3): LF, CR, CR LF, U+2028, U+2029.</summary>
public sealed class LineMap
{
    private readonly List<int> _starts = [0];

    /// <summary>Finds the lines of a text.</summary>
    public LineMap(string source)
    {
        int at = 0;
        while (true)
        {
            int next = source.AsSpan(at).IndexOfAny(LineEnds.Set);
            if (next < 0) return;
            at += next + 1;
            if (source[at - 1] == '\r' && at < source.Length && source[at] == '\n') at++;
            _starts.Add(at);
        }
    }

    /// <summary>The number of lines, at least 1.</summary>
    public int Count => _starts.Count;

    /// <summary>The offset of a place, or of the end of its line if the place lies behind it; -1 if there is no such line.</summary>
    public int Offset(int line, int column)
    {
        if (line < 1 || line > _starts.Count) return -1;
        int start = _starts[line - 1];
        int last = line < _starts.Count ? _starts[line] - 1 : int.MaxValue;
        return (int)Math.Min(start + (long)Math.Max(column, 0), last);
    }

    /// <summary>The place of an offset.</summary>
    public SourcePosition At(int offset)
    {
        int index = _starts.BinarySearch(offset);
        if (index < 0) index = ~index - 1;
        return new SourcePosition(index + 1, offset - _starts[index]);
    }
}

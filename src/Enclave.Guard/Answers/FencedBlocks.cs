using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Enclave.Guard.Answers;

/// <summary>The fenced blocks of an answer, by the rules of CommonMark 4.5. A fence may have any indentation, because models put blocks into lists.</summary>
/// <remarks>One pass over the text. Memory does not grow with the number of blocks.</remarks>
internal sealed class FencedBlocks
{
    private const int LeastFence = 3;
    private const int MaxTagLength = 32;

    private static readonly FrozenSet<string> s_languages = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "js", "javascript", "mjs", "cjs", "ts", "typescript", "mts", "cts", "jsx", "tsx", "node", "nodejs", "es6",
        "ecmascript", "agentscript");

    private static readonly SearchValues<char> s_endOfTag = SearchValues.Create(" \t{,:;");

    private readonly string _text;
    private readonly CoveredText? _covered;

    private FencedBlocks(string text, CoveredText? covered) => (_text, _covered) = (text, covered);

    /// <summary>Blocks tagged as JavaScript, TypeScript or a dialect of them.</summary>
    public BlockCount Tagged { get; } = new();

    /// <summary>Blocks without a tag.</summary>
    public BlockCount Plain { get; } = new();

    /// <summary>Blocks of other languages: data, commands, output.</summary>
    public BlockCount Others { get; } = new();

    /// <summary>True if there is none of any kind.</summary>
    public bool IsEmpty => Tagged.Count + Plain.Count + Others.Count == 0;

    /// <param name="text">The answer.</param>
    /// <param name="covered">The parts of it that hold no fence, if the whole answer is a program.</param>
    public static FencedBlocks In(string text, CoveredText? covered = null)
    {
        var blocks = new FencedBlocks(text, covered);
        blocks.Read();
        return blocks;
    }

    /// <summary>The text between the fences, without the indentation of the first one.</summary>
    public string ContentOf(FencedBlock block)
    {
        if (block.Indentation == 0) return _text[block.Start..block.End];
        var content = new StringBuilder(block.End - block.Start);
        for (int at = block.Start; at < block.End;)
        {
            int end = Math.Min(EndOfLine(at), block.End), from = at;
            while (from < end && from - at < block.Indentation && _text[from] is ' ' or '\t') from++;
            content.Append(_text, from, end - from);
            at = end;
        }

        return content.ToString();
    }

    private void Read()
    {
        int line = 1;
        for (int at = 0; at < _text.Length;)
        {
            int end = EndOfLine(at);
            line++;
            if (FenceAt(at, end) is not { } fence)
            {
                at = end;
                continue;
            }

            int start = end, first = line;
            while (end < _text.Length && !Closes(fence, end)) (end, line) = (EndOfLine(end), line + 1);
            Add(new FencedBlock(start, end, fence.Indentation, first, fence.Tag));
            at = end < _text.Length ? EndOfLine(end) : end;
            line++;
        }
    }

    private void Add(FencedBlock block) => (block.Tag.Length == 0 ? Plain : s_languages.Contains(block.Tag) ? Tagged : Others).Add(block);

    private Fence? FenceAt(int at, int end)
    {
        int from = at;
        while (from < end && _text[from] is ' ' or '\t') from++;
        if (from >= end || _text[from] is not ('`' or '~')) return null;
        char mark = _text[from];
        int to = from;
        while (to < end && _text[to] == mark) to++;
        ReadOnlySpan<char> info = _text.AsSpan(to, end - to).Trim();
        // A line of code may contain three backticks in a row. An info string may not contain a backtick.
        if (to - from < LeastFence || (mark == '`' && info.Contains('`')) || _covered?.Covers(from) == true) return null;
        int word = info.IndexOfAny(s_endOfTag);
        ReadOnlySpan<char> tag = word < 0 ? info : info[..word];
        return new Fence(mark, to - from, from - at, tag[..Math.Min(tag.Length, MaxTagLength)].ToString());
    }

    private bool Closes(Fence fence, int at)
    {
        ReadOnlySpan<char> line = _text.AsSpan(at, EndOfLine(at) - at).Trim();
        return line.Length >= fence.Length && !line.ContainsAnyExcept(fence.Mark);
    }

    private int EndOfLine(int at)
    {
        int end = _text.IndexOf('\n', at);
        return end < 0 ? _text.Length : end + 1;
    }

    private readonly record struct Fence(char Mark, int Length, int Indentation, string Tag);
}

/// <summary>A fenced block.</summary>
/// <param name="Start">Offset of its first line.</param>
/// <param name="End">Offset behind its last line.</param>
/// <param name="Indentation">Characters in front of its fence.</param>
/// <param name="Line">The line of the answer, from 1, in which it starts.</param>
/// <param name="Tag">The language that the fence names; empty if it names none.</param>
internal readonly record struct FencedBlock(int Start, int End, int Indentation, int Line, string Tag);

/// <summary>The number of blocks of one kind, and the first of them.</summary>
internal sealed class BlockCount
{
    public int Count { get; private set; }

    public FencedBlock First { get; private set; }

    public void Add(FencedBlock block)
    {
        if (Count++ == 0) First = block;
    }
}

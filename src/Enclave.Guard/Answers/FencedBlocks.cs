using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Enclave.Guard.Answers;

/// <summary>
/// The fenced blocks of an answer, by the rules of CommonMark 4.5. A fence may have any indentation, because models put blocks into lists, and may open behind
/// words, because models forget the line end.
/// </summary>
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

    /// <summary>Code between fences on one line. Prose has such words too, so inline code counts only if there are no blocks.</summary>
    public BlockCount Inline { get; } = new();

    /// <summary>True if there is none of any kind.</summary>
    public bool IsEmpty => Tagged.Count + Plain.Count + Others.Count + Inline.Count == 0;

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
            if ((FenceAt(at, end) ?? FenceBehindWords(at, end)) is not { } fence)
            {
                ReadInline(at, end, line - 1);
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

    /// <summary>A fence at the end of a line of words: <c>Here it is: ```js</c>. It names a language, or none.</summary>
    private Fence? FenceBehindWords(int at, int end)
    {
        ReadOnlySpan<char> line = _text.AsSpan(at, end - at).TrimEnd();
        int from = line.IndexOf('`');
        if (from <= 0) return null;
        ReadOnlySpan<char> tag = line[from..].TrimStart('`');
        int length = line.Length - from - tag.Length;
        return length >= LeastFence && tag.Length <= MaxTagLength && (tag.IsEmpty || s_languages.Contains(tag.ToString()))
            && _covered?.Covers(at + from) != true
            ? new Fence('`', length, 0, tag.ToString()) : null;
    }

    /// <summary>Finds <c>```js return 1 ```</c> and <c>```return 1```</c>.</summary>
    private void ReadInline(int at, int end, int line)
    {
        int from = FindFence(at, end, out int start);
        if (from < 0 || FindFence(start, end, out int behind) is not (> 0 and var to) || _covered?.Covers(from) == true) return;
        if (behind - to != start - from) return;
        ReadOnlySpan<char> text = _text.AsSpan(start, to - start);
        int word = text.IndexOf(' ');
        string tag = word > 0 && word <= MaxTagLength && s_languages.Contains(text[..word].ToString()) ? text[..word].ToString() : "";
        Inline.Add(new FencedBlock(start + tag.Length, to, 0, line, tag));
    }

    /// <summary>The next run of backticks that is long enough for a fence; negative if there is none.</summary>
    private int FindFence(int at, int end, out int behind)
    {
        int found = _text.AsSpan(at, end - at).IndexOf("```");
        behind = at + found;
        while (found >= 0 && behind < end && _text[behind] == '`') behind++;
        return found < 0 ? -1 : at + found;
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

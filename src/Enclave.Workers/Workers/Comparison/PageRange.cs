using System.Buffers.Text;

namespace Enclave.Workers.Comparison;

/// <summary>A range of whole pages in a process.</summary>
internal readonly record struct PageRange(long Begin, long End)
{
    public long Length => End - Begin;

    /// <summary>Reads <c>BEGIN-END</c> in hexadecimal at the begin of a text, as lists of the kernel have it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">The range.</param>
    /// <param name="used">Its length in the text.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, out PageRange range, out int used)
    {
        (range, used) = (default, 0);
        if (!Utf8Parser.TryParse(text, out long begin, out int first, 'x') || first >= text.Length || text[first] != '-') return false;
        if (!Utf8Parser.TryParse(text[(first + 1)..], out long end, out int second, 'x')) return false;
        (range, used) = (new PageRange(begin, end), first + 1 + second);
        return true;
    }

    /// <summary>Appends a range to a sorted list. Joins it with the last one if they touch.</summary>
    public static void Append(List<PageRange> ranges, long begin, long end)
    {
        if (ranges.Count > 0 && ranges[^1].End == begin) ranges[^1] = new PageRange(ranges[^1].Begin, end);
        else ranges.Add(new PageRange(begin, end));
    }
}

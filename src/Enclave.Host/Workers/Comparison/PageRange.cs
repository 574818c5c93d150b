namespace Enclave.Workers.Comparison;

/// <summary>A range of whole pages in a process.</summary>
internal readonly record struct PageRange(long Begin, long End)
{
    public long Length => End - Begin;

    /// <summary>Appends a range to a sorted list. Joins it with the last one if they touch.</summary>
    public static void Append(List<PageRange> ranges, long begin, long end)
    {
        if (ranges.Count > 0 && ranges[^1].End == begin) ranges[^1] = new PageRange(ranges[^1].Begin, end);
        else ranges.Add(new PageRange(begin, end));
    }
}

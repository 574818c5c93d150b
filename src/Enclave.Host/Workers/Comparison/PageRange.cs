namespace Enclave.Workers.Comparison;

/// <summary>Addresses of a process, from a page's begin to another's.</summary>
internal readonly record struct PageRange(long Begin, long End)
{
    public long Length => End - Begin;

    /// <summary>Adds a range behind those of a list, which are in order: to the last one where they touch.</summary>
    public static void Append(List<PageRange> ranges, long begin, long end)
    {
        if (ranges.Count > 0 && ranges[^1].End == begin) ranges[^1] = new PageRange(ranges[^1].Begin, end);
        else ranges.Add(new PageRange(begin, end));
    }
}

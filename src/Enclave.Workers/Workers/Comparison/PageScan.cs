using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Workers.Comparison;

/// <summary>Asks the kernel which pages of a process have their own content (PAGEMAP_SCAN, Linux 6.7: Documentation/admin-guide/mm/pagemap.rst).</summary>
internal static unsafe class PageScan
{
    public const long PageBytes = 4096;

    // _IOWR('f', 16, struct pm_scan_arg)
    private const ulong Scan = 0xc0606610;
    private const ulong IsFile = 4, IsPresent = 8, IsSwapped = 16, IsZero = 32;

    private const int RegionsAtOnce = 512;

    // Bits of a pagemap entry. Exclusive: no other process maps this page.
    private const ulong ExclusiveEntry = 1UL << 56, FileEntry = 1UL << 61, SwappedEntry = 1UL << 62, PresentEntry = 1UL << 63;

    private const int EntriesAtOnce = 512;

    /// <summary>Ranges that are no further apart, in pages, are read at once: a call of the kernel takes longer than the entries between them.</summary>
    private const int NearPages = 32;

    /// <summary>The addresses of a process on x86-64 with four levels of page tables.</summary>
    public static readonly PageRange Addresses = new(0, 0x7ffffffff000);

    /// <summary>Appends the ranges of private pages with content, in order. False if the kernel refuses, or the process is gone.</summary>
    /// <param name="pagemap">The process's open pagemap.</param>
    /// <param name="ranges">Where they are looked for, in order.</param>
    /// <param name="found">Gets the ranges.</param>
    [SupportedOSPlatform("linux")]
    public static bool TryFind(int pagemap, ReadOnlySpan<SearchedRange> ranges, List<PageRange> found)
    {
        Region* regions = stackalloc Region[RegionsAtOnce];
        var request = new Request
        {
            Size = (ulong)sizeof(Request),
            Regions = regions,
            RegionCount = RegionsAtOnce,
            Any = IsPresent | IsSwapped,
            Returned = IsPresent,
        };
        foreach ((PageRange range, bool ofFiles) in ranges)
        {
            request.Inverted = request.All = ofFiles ? IsFile | IsZero : IsZero;
            (request.Start, request.End) = ((ulong)range.Begin, (ulong)range.End);
            while (request.Start < request.End)
            {
                int count = Libc.ioctl(pagemap, Scan, &request);
                if (count < 0) return false;
                for (int i = 0; i < count; i++) PageRange.Append(found, (long)regions[i].Start, (long)regions[i].End);
                if (request.WalkEnd <= request.Start) break;
                request.Start = request.WalkEnd;
            }
        }

        return true;
    }

    /// <summary>
    /// As <see cref="TryFind"/>, from the entries of all pages of these mappings. A page of zeros that all processes share counts as content.
    /// </summary>
    [SupportedOSPlatform("linux")]
    public static bool TryFindByEntries(int pagemap, SearchedRange[] mapped, List<PageRange> found) =>
        TryAppend(pagemap, [.. mapped.Select((one) => one.Range)], PresentEntry | SwappedEntry, FileEntry, found);

    /// <summary>
    /// Appends the pages of these ranges that no other process maps. False if the process is gone. For a page on the disk the kernel does not report whether
    /// other processes have it too: it counts as the process's own.
    /// </summary>
    [SupportedOSPlatform("linux")]
    public static bool TryFindOwn(int pagemap, ReadOnlySpan<PageRange> ranges, List<PageRange> found) =>
        TryAppend(pagemap, ranges, ExclusiveEntry | SwappedEntry, 0, found);

    /// <summary>
    /// Appends the pages of ordered ranges whose entries have at least one of the wanted bits and none of the excluded ones
    /// (Documentation/admin-guide/mm/pagemap.rst).
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static bool TryAppend(int pagemap, ReadOnlySpan<PageRange> ranges, ulong any, ulong none, List<PageRange> found)
    {
        ulong* entries = stackalloc ulong[EntriesAtOnce];
        var window = default(PageRange);
        for (int i = 0; i < ranges.Length; i++)
        {
            PageRange range = ranges[i];
            for (long page = range.Begin; page < range.End; page += PageBytes)
            {
                if (page >= window.End)
                {
                    window = Window(ranges, i, page);
                    nint bytes = (nint)(window.Length / PageBytes * sizeof(ulong));
                    if (Libc.pread(pagemap, (byte*)entries, bytes, (nint)(page / PageBytes * sizeof(ulong))) != bytes) return false;
                }

                ulong entry = entries[(page - window.Begin) / PageBytes];
                if ((entry & any) != 0 && (entry & none) == 0) PageRange.Append(found, page, page + PageBytes);
            }
        }

        return true;
    }

    /// <summary>The pages from one of a range on that are read at once: to the end of the last range that is near, or as many as fit.</summary>
    private static PageRange Window(ReadOnlySpan<PageRange> ranges, int i, long page)
    {
        long most = page + (EntriesAtOnce * PageBytes), end = ranges[i].End;
        while (end < most && ++i < ranges.Length && ranges[i].Begin - end <= NearPages * PageBytes) end = ranges[i].End;
        return new PageRange(page, Math.Min(end, most));
    }

    /// <summary>struct page_region.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Region
    {
        public ulong Start, End, Categories;
    }

    /// <summary>struct pm_scan_arg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Request
    {
        public ulong Size, Flags, Start, End, WalkEnd;
        public Region* Regions;
        public ulong RegionCount, MaxPages, Inverted, All, Any, Returned;
    }
}

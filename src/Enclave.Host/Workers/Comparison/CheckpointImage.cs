using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Enclave.Workers.Comparison;

/// <summary>The memory of a nursery at its checkpoint, which each of its cells has between two jobs. The host compares them from outside.</summary>
/// <remarks>
/// Compared: all mappings, the content of all private pages with any permissions, and that the stack below the frames in use is empty. Not compared: the
/// book (frames, compiled code, the reset's notes). <see cref="CellComparison"/> compares the frames in use.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class CheckpointImage
{
    /// <summary>The size limit of an image. A warm nursery has about 15 MB of private pages.</summary>
    private const long MaxBytes = 256L << 20;

    /// <summary>Pages of its own that a cell may have beyond the image: it may zero a page of V8's young generation instead of giving it back.</summary>
    private const long ExcessBytes = 4L << 20;

    /// <summary>Below the stack pointer: what the calls after the reset leave behind.</summary>
    private const int ScratchBytes = 16 << 10;

    private readonly PageRange[] _ranges;
    private readonly long[] _offsets;
    private readonly byte[] _content;
    private readonly Mappings _mappings;
    private readonly PageRange _book;
    private readonly PageListing _listing;

    private CheckpointImage(Mappings mappings, PageRange book, PageListing listing, PageRange[] ranges, long[] offsets, byte[] content) =>
        (_mappings, _book, _listing, _ranges, _offsets, _content) = (mappings, book, listing, ranges, offsets, content);

    /// <summary>The stack of the nursery, which is where that of a cell is.</summary>
    public PageRange Stack => _mappings.Stack;

    /// <summary>Takes the image. Null if this host may not read its workers.</summary>
    /// <param name="pid">The nursery.</param>
    /// <param name="book">The memory that it keeps from job to job.</param>
    /// <param name="listing">How pages with content become known.</param>
    public static CheckpointImage? TryTake(int pid, PageRange book, PageListing listing = PageListing.Scan)
    {
        using var memory = ProcessMemory.TryOpen(pid);
        if (memory?.ReadMappings() is not { } mappings) return null;
        var found = new List<PageRange>();
        if (listing == PageListing.Scan && !PageScan.TryFind(memory.Pagemap, found)) listing = PageListing.Entries;
        if (listing == PageListing.Entries && !TryFindByEntries(memory, mappings, found)) return null;
        PageRange[] ranges = [.. Without(found, [book, .. mappings.Special])];
        long total = ranges.Sum((range) => range.Length);
        if (total is 0 or > MaxBytes) return null;
        byte[] content = new byte[total];
        if (mappings.Stack.Length == 0 || !memory.TryReadShared(ranges, content)) return null;
        long[] offsets = new long[ranges.Length];
        for (int i = 1; i < ranges.Length; i++) offsets[i] = offsets[i - 1] + ranges[i - 1].Length;
        return new CheckpointImage(mappings, book, listing, ranges, offsets, content);
    }

    /// <summary>Describes the first difference between the image and a cell that waits; null if there is none.</summary>
    /// <param name="cell">The cell's memory.</param>
    /// <param name="stackPointer">Its stack pointer.</param>
    /// <param name="room">Memory for one piece of the cell's memory, of one page at least.</param>
    public string? Difference(ProcessMemory cell, long stackPointer, Span<byte> room)
    {
        if (cell.ReadMappings() is not { } mappings) return "its mappings cannot be read";
        if (_mappings.Difference(mappings) is { } mapped) return mapped;
        var present = new List<PageRange>();
        bool isFound = _listing == PageListing.Scan ? PageScan.TryFind(cell.Pagemap, present) : TryFindByEntries(cell, mappings, present);
        if (!isFound) return "its pages cannot be read";
        PageRange[] compared = [.. Without(present, [_book, .. mappings.Special])];
        // Before anything is read: a worker may hold much.
        if (compared.Sum((range) => range.Length) - _content.Length > ExcessBytes) return Held(compared);
        PageRange[] own = OwnPages(cell, compared, out string? missing);
        return missing ?? CompareContent(cell, own, room) ?? CompareStack(cell, present, stackPointer, room);
    }

    private static bool TryFindByEntries(ProcessMemory memory, Mappings mappings, List<PageRange> found)
    {
        found.Clear();
        return PageScan.TryFindByEntries(memory.Pagemap, mappings.Ranges, found);
    }

    /// <summary>The pages that the cell does not share with its nursery. Shared pages are unchanged.</summary>
    private PageRange[] OwnPages(ProcessMemory cell, PageRange[] present, out string? missing)
    {
        var own = new List<PageRange>();
        missing = PageScan.TryFindOwn(cell.Pagemap, present, own) ? FirstMissing(present) : "its pages cannot be read";
        return [.. own];
    }

    /// <summary>Finds a page of the checkpoint that the cell lacks.</summary>
    private string? FirstMissing(PageRange[] present)
    {
        int next = 0;
        for (int i = 0; i < _ranges.Length; i++)
        {
            for (long page = _ranges[i].Begin; page < _ranges[i].End; page += PageScan.PageBytes)
            {
                while (next < present.Length && present[next].End <= page) next++;
                if (next < present.Length && present[next].Begin <= page)
                {
                    // The whole range is there.
                    page = Math.Min(present[next].End, _ranges[i].End) - PageScan.PageBytes;
                    continue;
                }

                if (ContentOf(page).ContainsAnyExcept((byte)0)) return Words(page, "is gone");
            }
        }

        return null;
    }

    private string? CompareContent(ProcessMemory cell, PageRange[] own, Span<byte> room)
    {
        foreach (List<PageRange> piece in Pieces(own, room.Length))
        {
            if (ComparePiece(cell, piece, room) is { } difference) return difference;
        }

        return null;
    }

    private string? ComparePiece(ProcessMemory cell, List<PageRange> piece, Span<byte> room)
    {
        Span<byte> content = room[..(int)piece.Sum((range) => range.Length)];
        if (!cell.TryRead(CollectionsMarshal.AsSpan(piece), content)) return "its memory cannot be read";
        foreach (PageRange range in piece)
        {
            for (long page = range.Begin; page < range.End; page += PageScan.PageBytes, content = content[(int)PageScan.PageBytes..])
            {
                ReadOnlySpan<byte> now = content[..(int)PageScan.PageBytes], kept = ContentOf(page);
                if (kept.IsEmpty ? now.ContainsAnyExcept((byte)0) : !now.SequenceEqual(kept)) return Words(page, "differs");
            }
        }

        return null;
    }

    /// <summary>The ranges in groups of at most this many bytes.</summary>
    private static IEnumerable<List<PageRange>> Pieces(PageRange[] ranges, int bytes)
    {
        var piece = new List<PageRange>();
        long room = bytes & -PageScan.PageBytes, left = room;
        foreach (PageRange range in ranges)
        {
            for (long begin = range.Begin; begin < range.End;)
            {
                long end = Math.Min(range.End, begin + left);
                piece.Add(new PageRange(begin, end));
                (left, begin) = (left - (end - begin), end);
                if (left > 0) continue;
                yield return piece;
                piece.Clear();
                left = room;
            }
        }

        if (piece.Count > 0) yield return piece;
    }

    /// <summary>The reset empties the stack below the frames in use, and what runs after it uses little.</summary>
    private string? CompareStack(ProcessMemory cell, List<PageRange> present, long stackPointer, Span<byte> room)
    {
        long end = (stackPointer - ScratchBytes) & -PageScan.PageBytes;
        PageRange[] below = [.. present.Where((range) => range.Begin < end && range.End > Stack.Begin)
            .Select((range) => new PageRange(Math.Max(range.Begin, Stack.Begin), Math.Min(range.End, end)))];
        return below.Sum((range) => range.Length) > ExcessBytes ? Held(below) : CompareContent(cell, below, room);
    }

    private static string Held(PageRange[] ranges) => $"{ranges.Sum((range) => range.Length) >> 20} MB of its own";

    /// <summary>A page of the checkpoint; empty if it has no content.</summary>
    private ReadOnlySpan<byte> ContentOf(long page)
    {
        int at = Array.BinarySearch(_ranges, new PageRange(page, 0), s_byBegin);
        if (at < 0) at = ~at - 1;
        if (at < 0 || page >= _ranges[at].End) return [];
        return _content.AsSpan((int)(_offsets[at] + (page - _ranges[at].Begin)), (int)PageScan.PageBytes);
    }

    private static readonly Comparer<PageRange> s_byBegin = Comparer<PageRange>.Create((left, right) => left.Begin.CompareTo(right.Begin));

    private static string Words(long page, string what) => string.Create(CultureInfo.InvariantCulture, $"the page at {page:x} {what}");

    /// <summary>The parts of ranges that lie in none of the others.</summary>
    private static IEnumerable<PageRange> Without(IEnumerable<PageRange> ranges, List<PageRange> others)
    {
        foreach (PageRange range in ranges)
        {
            long begin = range.Begin;
            foreach (PageRange other in others.Where((other) => other.Begin < range.End && other.End > range.Begin).OrderBy((other) => other.Begin))
            {
                if (other.Begin > begin) yield return new PageRange(begin, other.Begin);
                begin = Math.Max(begin, other.End);
            }

            if (begin < range.End) yield return new PageRange(begin, range.End);
        }
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Enclave.Workers.Comparison;

/// <summary>The memory of a nursery at its checkpoint, which each of its cells has between two jobs. The host compares them from outside.</summary>
/// <remarks>
/// Compared: all mappings, the content of private pages with any permissions, and that the stack below the frames in use is empty. Not compared: the
/// book (frames, compiled code, the reset's notes). <see cref="CellComparison"/> compares the frames in use.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class CheckpointImage
{
    /// <summary>The size limit of an image. A warm nursery has about 15 MB of private pages.</summary>
    private const long MaxBytes = 256L << 20;

    /// <summary>The most bytes of pages that a cell may have beyond the image: it may zero a page of V8's young generation instead of giving it back.</summary>
    private const long ExcessBytes = 4L << 20;

    /// <summary>Bytes below the stack pointer that the calls after the reset may have written.</summary>
    private const int ScratchBytes = 16 << 10;

    private readonly long[] _offsets;
    private readonly byte[] _content;
    private readonly Mappings _mappings;
    private readonly PageListing _listing;
    private readonly ComparedArea _all;
    private readonly ComparedArea _changeable;

    /// <summary>The mappings, as the kernel wrote them last.</summary>
    private Mappings _equal;

    private CheckpointImage(Mappings mappings, PageListing listing, ComparedArea all, ComparedArea changeable, byte[] content)
    {
        (_mappings, _equal, _listing, _all, _changeable, _content) = (mappings, mappings, listing, all, changeable, content);
        Mapped = mappings.Ranges;
        _offsets = new long[all.Kept.Length];
        for (int i = 1; i < _offsets.Length; i++) _offsets[i] = _offsets[i - 1] + all.Kept[i - 1].Length;
    }

    /// <summary>Its mappings in order, without the stack.</summary>
    public PageRange[] Mapped { get; }

    /// <summary>The stack of the nursery, which is where that of a cell is.</summary>
    public PageRange Stack => _mappings.Stack;

    /// <summary>Takes the image, if this host may read its workers, and can now.</summary>
    /// <param name="pid">The nursery.</param>
    /// <param name="book">The memory that it keeps from job to job.</param>
    /// <param name="listing">How pages with content become known.</param>
    public static ImageAttempt TryTake(int pid, PageRange book, PageListing listing = PageListing.Scan)
    {
        using var memory = ProcessMemory.TryOpen(pid, out string? fault);
        if (memory is null) return new ImageAttempt(null, fault, IsFinal: fault is null);
        var unread = new ImageAttempt(null, "the host cannot read its nursery's memory", IsFinal: false);
        if (memory.ReadMappings(null) is not { } mappings) return unread;
        List<PageRange> others = [book, .. mappings.Special], found = [];
        var kinds = MemoryKinds.Of(pid);
        PageRange[] everywhere = Without([PageScan.Addresses], others);
        SearchedRange[] searched = Searched(everywhere, kinds);
        if (listing == PageListing.Scan && !PageScan.TryFind(memory.Pagemap, searched, found)) listing = PageListing.Entries;
        if (listing == PageListing.Entries)
        {
            everywhere = Without(mappings.Ranges, others);
            searched = Searched(everywhere, kinds);
            found.Clear();
            if (!PageScan.TryFindByEntries(memory.Pagemap, searched, found)) return unread;
        }

        var all = new ComparedArea(searched, [.. found]);
        if (all.Bytes > MaxBytes)
            return new ImageAttempt(null, $"its nursery holds {all.Bytes >> 20} MB, and at most {MaxBytes >> 20} MB are compared", IsFinal: true);
        if (all.Bytes == 0 || mappings.Stack.Length == 0) return unread;
        byte[] content = new byte[all.Bytes];
        if (!memory.TryReadShared(all.Kept, content)) return unread;
        var changeable = new ComparedArea(Searched(Without(everywhere, kinds.Sealed), kinds), Without(all.Kept, kinds.Sealed));
        return new ImageAttempt(new CheckpointImage(mappings, listing, all, changeable, content), null, IsFinal: true);
    }

    /// <summary>Describes the first difference between the image and a cell that waits; null if there is none.</summary>
    /// <param name="cell">The cell's memory.</param>
    /// <param name="pages">Which pages are compared.</param>
    /// <param name="stackPointer">Its stack pointer.</param>
    /// <param name="room">Memory for one piece of the cell's memory, of one page at least.</param>
    public string? Difference(ProcessMemory cell, ComparedPages pages, long stackPointer, Span<byte> room)
    {
        Mappings equal = Volatile.Read(ref _equal);
        if (cell.ReadMappings(equal) is not { } mappings) return "its mappings cannot be read";
        if (!ReferenceEquals(mappings, equal))
        {
            if (_mappings.Difference(mappings) is { } mapped) return mapped;
            Volatile.Write(ref _equal, mappings);
        }

        ComparedArea area = pages == ComparedPages.All ? _all : _changeable;
        List<PageRange> present = [], own = [], below = [];
        if (!TryFind(cell, area.Searched, present)) return "its pages cannot be read";
        // Check the size before the pages are read, because a worker may have many.
        if (Sum(present) - area.Bytes > ExcessBytes) return Held(present);
        // Pages that it shares with its nursery are unchanged.
        if (!PageScan.TryFindOwn(cell.Pagemap, CollectionsMarshal.AsSpan(present), own)) return "its pages cannot be read";
        if (!TryFind(cell, [new SearchedRange(BelowStack(stackPointer), OfFiles: false)], below)) return "its stack cannot be read";
        if (Sum(below) > ExcessBytes) return Held(below);
        return FirstMissing(area, present) ?? CompareContent(cell, own, room) ?? CompareContent(cell, below, room);
    }

    private bool TryFind(ProcessMemory memory, SearchedRange[] ranges, List<PageRange> found) =>
        _listing == PageListing.Scan ? PageScan.TryFind(memory.Pagemap, ranges, found) : PageScan.TryFindByEntries(memory.Pagemap, ranges, found);

    /// <summary>The reset empties the stack below the frames in use, and what runs after it uses little.</summary>
    private PageRange BelowStack(long stackPointer) => new(Stack.Begin, (stackPointer - ScratchBytes) & -PageScan.PageBytes);

    /// <summary>Finds a page of the checkpoint that the cell lacks.</summary>
    private string? FirstMissing(ComparedArea area, List<PageRange> present)
    {
        int next = 0;
        foreach (PageRange range in area.Kept)
        {
            for (long page = range.Begin; page < range.End; page += PageScan.PageBytes)
            {
                while (next < present.Count && present[next].End <= page) next++;
                if (next < present.Count && present[next].Begin <= page)
                {
                    // All pages of this range are present: skip to its end.
                    page = Math.Min(present[next].End, range.End) - PageScan.PageBytes;
                    continue;
                }

                if (ContentOf(page).ContainsAnyExcept((byte)0)) return Words(page, "is gone");
            }
        }

        return null;
    }

    private string? CompareContent(ProcessMemory cell, List<PageRange> own, Span<byte> room)
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
    private static IEnumerable<List<PageRange>> Pieces(List<PageRange> ranges, int bytes)
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

    private static string Held(List<PageRange> ranges) => $"{Sum(ranges) >> 20} MB of its own";

    private static long Sum(List<PageRange> ranges)
    {
        long sum = 0;
        foreach (PageRange range in ranges) sum += range.Length;
        return sum;
    }

    /// <summary>A page of the checkpoint; empty if it has no content.</summary>
    private ReadOnlySpan<byte> ContentOf(long page)
    {
        PageRange[] ranges = _all.Kept;
        int at = Array.BinarySearch(ranges, new PageRange(page, 0), s_byBegin);
        if (at < 0) at = ~at - 1;
        if (at < 0 || page >= ranges[at].End) return [];
        return _content.AsSpan((int)(_offsets[at] + (page - ranges[at].Begin)), (int)PageScan.PageBytes);
    }

    private static readonly Comparer<PageRange> s_byBegin = Comparer<PageRange>.Create((left, right) => left.Begin.CompareTo(right.Begin));

    private static string Words(long page, string what) => string.Create(CultureInfo.InvariantCulture, $"the page at {page:x} {what}");

    /// <summary>The parts of ranges that lie in none of the others.</summary>
    private static PageRange[] Without(PageRange[] ranges, List<PageRange> others)
    {
        var left = new List<PageRange>();
        foreach (PageRange range in ranges)
        {
            long begin = range.Begin;
            foreach (PageRange other in others.Where((other) => other.Begin < range.End && other.End > range.Begin).OrderBy((other) => other.Begin))
            {
                if (other.Begin > begin) left.Add(new PageRange(begin, other.Begin));
                begin = Math.Max(begin, other.End);
            }

            if (begin < range.End) left.Add(new PageRange(begin, range.End));
        }

        return [.. left];
    }

    private static SearchedRange[] Searched(PageRange[] ranges, MemoryKinds kinds)
    {
        PageRange[] others = Without(ranges, kinds.OfFiles);
        return [.. others.Select((range) => new SearchedRange(range, OfFiles: false))
            .Concat(Without(ranges, [.. others]).Select((range) => new SearchedRange(range, OfFiles: true))).OrderBy((one) => one.Range.Begin)];
    }
}

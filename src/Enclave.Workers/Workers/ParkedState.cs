using System.Buffers.Binary;
using System.Globalization;
using Enclave.Workers.Comparison;

namespace Enclave.Workers;

/// <summary>
/// The form of the state of a run that has left its worker. A compromised worker can send any state, and a worker ends when it takes one that it cannot use:
/// so the host refuses a wrong form before any worker gets it. The host cannot judge the content of the pages.
/// </summary>
/// <remarks>
/// In words of eight bytes: the run's own part with the number of its job first (<c>Saved</c> in native/runner.cc); the checkpoint's random number; the program
/// break; the numbers of new and of changed parts, each with begin, end and protection; then pieces of memory, each with address, number and words
/// (native/parking.cc).
/// </remarks>
/// <param name="mapped">The mappings of the nursery in order, without the stack; null if the host has no image of it.</param>
internal sealed class ParkedState(PageRange[]? mapped)
{
    private const int Word = sizeof(ulong), RunWords = 19, HeadWords = 5, PageBytes = 4096;

    // native/checkpoint_state.h and parking.cc.
    private const int MaxNew = 1 << 13, MaxChanged = 256;

    // Addresses of programs on x64 with tables of four levels, and behind the page of null pointers.
    private const long LastAddress = (1L << 47) - PageBytes, FirstAddress = 64 << 10;
    private const long MostHeap = 4L << 30;
    private const long ContentOnly = -1, AllRights = 7;

    private readonly List<PageRange> _new = [];
    private PageRange _heap;

    /// <summary>Finds what no worker of the nursery sends; null if the form is right.</summary>
    public string? FindFault(ReadOnlySpan<byte> state, ulong job)
    {
        if (state.Length % Word != 0 || state.Length < (RunWords + HeadWords) * Word) return $"has {state.Length} bytes";
        if (At(state, 0) != (long)job) return $"is one of job {(ulong)At(state, 0)}";
        state = state[((RunWords + 2) * Word)..];
        long programBreak = At(state, 0), fresh = At(state, 1), changed = At(state, 2);
        state = state[(3 * Word)..];
        if (fresh is < 0 or > MaxNew || changed is < 0 or > MaxChanged) return $"names {fresh} new parts and {changed} changed ones";
        if ((fresh + changed) * 3 > state.Length / Word) return $"is cut: {fresh} new parts and {changed} changed ones have no room";
        if (HeapFault(programBreak) is { } heap) return heap;
        for (int i = 0; i < fresh + changed; i++, state = state[(3 * Word)..])
        {
            var part = new PageRange(At(state, 0), At(state, 1));
            long protection = At(state, 2);
            bool isNew = i < fresh;
            if (!IsWhole(part) || protection > AllRights || protection < (isNew ? 0 : ContentOnly))
                return $"has a part at {Words(part)} with protection {protection}";
            if (isNew) _new.Add(part);
        }

        return NewFault() ?? PieceFault(state);
    }

    /// <summary>The program break must lie after the end of the nursery's heap, and not far after it.</summary>
    private string? HeapFault(long programBreak)
    {
        if (!IsAddress(programBreak)) return $"has its program break at {programBreak:x}";
        if (mapped is null) return null;
        int before = IndexOf(mapped, programBreak);
        long end = (programBreak + PageBytes - 1) & -PageBytes;
        if (before < 0 || end - mapped[before].End > MostHeap) return $"has its program break at {programBreak:x}, far from the heap";
        _heap = new PageRange(mapped[before].End, end);
        return null;
    }

    /// <summary>New memory must not overlap the nursery's mappings: a worker maps it there, and ends if it cannot.</summary>
    private string? NewFault()
    {
        _new.Sort((one, other) => one.Begin.CompareTo(other.Begin));
        for (int i = 0; i < _new.Count; i++)
        {
            if (i > 0 && _new[i].Begin < _new[i - 1].End) return $"has new memory twice at {Words(_new[i])}";
            if (mapped is not null && Overlaps(mapped, _new[i])) return $"has new memory over the nursery's at {Words(_new[i])}";
        }

        return null;
    }

    private string? PieceFault(ReadOnlySpan<byte> state)
    {
        PageRange[] added = [.. _new];
        while (!state.IsEmpty)
        {
            if (state.Length < 2 * Word) return "ends with half a piece";
            long address = At(state, 0), count = At(state, 1);
            state = state[(2 * Word)..];
            if (count <= 0 || count > state.Length / Word) return $"has a piece of {count} words in {state.Length} bytes";
            var piece = new PageRange(address, address + (count * Word));
            if (address % Word != 0 || !IsAddress(piece.Begin) || !IsAddress(piece.End) || (mapped is not null && !IsInMemory(mapped, added, piece)))
                return $"writes at {Words(piece)}";
            state = state[(int)(count * Word)..];
        }

        return null;
    }

    /// <summary>True if each byte lies in memory of the nursery, in new memory, or in the heap.</summary>
    private bool IsInMemory(PageRange[] nursery, PageRange[] added, PageRange piece)
    {
        for (long at = piece.Begin; at < piece.End;)
        {
            long next = Math.Max(EndAt(nursery, at), EndAt(added, at));
            if (_heap.Begin <= at && at < _heap.End) next = Math.Max(next, _heap.End);
            if (next <= at) return false;
            at = next;
        }

        return true;
    }

    /// <summary>The end of the range that holds an address; 0 if none does.</summary>
    private static long EndAt(PageRange[] ranges, long address) =>
        IndexOf(ranges, address) is >= 0 and var index && address < ranges[index].End ? ranges[index].End : 0;

    private static bool Overlaps(PageRange[] ranges, PageRange one) =>
        IndexOf(ranges, one.End - 1) is >= 0 and var index && ranges[index].End > one.Begin;

    /// <summary>The last range that begins at this address or before; -1 for none.</summary>
    private static int IndexOf(PageRange[] ranges, long address)
    {
        int low = 0, high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].Begin <= address) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private static bool IsWhole(PageRange part) =>
        IsAddress(part.Begin) && IsAddress(part.End) && part.Begin < part.End && part.Begin % PageBytes == 0 && part.End % PageBytes == 0;

    private static bool IsAddress(long address) => address is >= FirstAddress and <= LastAddress;

    private static long At(ReadOnlySpan<byte> words, int index) => BinaryPrimitives.ReadInt64LittleEndian(words[(index * Word)..]);

    private static string Words(PageRange range) => string.Create(CultureInfo.InvariantCulture, $"{range.Begin:x}-{range.End:x}");
}

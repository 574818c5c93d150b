using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Journals;

/// <summary>A file with a run's entries. In front of them are two places for the sealed head: each write fills the older one.</summary>
/// <remarks>
/// The head says where the entries end. Bytes behind it belong to an unfinished write, which had no effect, and are cut before the next write. If the machine
/// stops in the middle of a write, the head before it still fits; a file that ends before both heads is refused.
/// </remarks>
internal sealed class JournalFile : IDisposable
{
    private const int SlotBytes = 256, SumBytes = 8, Entries = 2 * SlotBytes, HeadAt = 36;

    private readonly SafeFileHandle _file;
    private long _end;
    private long _turn;
    private bool _hasRest;

    private JournalFile(SafeFileHandle file, long end, long turn, bool hasRest) => (_file, _end, _turn, _hasRest) = (file, end, turn, hasRest);

    public static JournalFile Create(SafeFileHandle file) => new(file, Entries, 0, hasRest: false);

    /// <summary>Opens a file to read its entries and append more.</summary>
    /// <exception cref="JournalException">It has more bytes, or was cut.</exception>
    public static (JournalFile File, ImmutableArray<byte> Head, byte[] Entries) Open(SafeFileHandle file, long maxBytes)
    {
        try
        {
            Slot slot = Newest(file, maxBytes);
            byte[] entries = ReadEntries(file, slot, maxBytes);
            return (new JournalFile(file, slot.End, slot.Turn, RandomAccess.GetLength(file) > slot.End), slot.Head, entries);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The head and entries of a file that another process may be writing.</summary>
    /// <exception cref="JournalException">It has more bytes, or was cut.</exception>
    public static (ImmutableArray<byte> Head, byte[] Entries) Read(SafeFileHandle file, long maxBytes)
    {
        Slot slot = Newest(file, maxBytes);
        return (slot.Head, ReadEntries(file, slot, maxBytes));
    }

    /// <summary>Appends entries with the head that names the last of them. They are durable when it returns.</summary>
    public void Append(ReadOnlySpan<byte> entries, ImmutableArray<byte> head)
    {
        if (_hasRest) RandomAccess.SetLength(_file, _end);
        _hasRest = false;
        RandomAccess.Write(_file, entries, _end);
        Span<byte> slot = stackalloc byte[SlotBytes];
        BinaryPrimitives.WriteInt64LittleEndian(slot, _turn + 1);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], _end + entries.Length);
        BinaryPrimitives.WriteInt64LittleEndian(slot[16..], _end);
        Sum(entries, slot.Slice(24, SumBytes));
        BinaryPrimitives.WriteInt32LittleEndian(slot[32..], head.Length);
        head.AsSpan().CopyTo(slot[HeadAt..]);
        Sum(slot[..^SumBytes], slot[^SumBytes..]);
        RandomAccess.Write(_file, slot, (_turn + 1) % 2 * SlotBytes);
        RandomAccess.FlushToDisk(_file);
        (_end, _turn) = (_end + entries.Length, _turn + 1);
    }

    public void Dispose() => _file.Dispose();

    private static Slot Newest(SafeFileHandle file, long maxBytes)
    {
        byte[] slots = new byte[Entries];
        int there = RandomAccess.Read(file, slots, 0);
        long length = RandomAccess.GetLength(file);
        return new[] { SlotAt(slots, 0, there), SlotAt(slots, 1, there) }.OfType<Slot>().OrderByDescending((slot) => slot.Turn)
            .FirstOrDefault((slot) => slot.Start >= Entries && slot.End >= slot.Start && slot.End <= length
                && (IsTooLong(slot, maxBytes) || HasWritten(file, slot)))
            ?? throw new JournalException(JournalFault.Damaged, "the journal is refused: it is cut, or its head is damaged");
    }

    /// <summary>True if the entries are larger than any reader takes: their sum is not made.</summary>
    private static bool IsTooLong(Slot slot, long maxBytes) => slot.End - Entries > maxBytes;

    /// <summary>True if the entries that were written with this head are on the disk. The disk may have kept the head without them.</summary>
    private static bool HasWritten(SafeFileHandle file, Slot slot)
    {
        Span<byte> sum = stackalloc byte[SumBytes];
        byte[] buffer = new byte[Math.Min(64 << 10, slot.End - slot.Start)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = slot.Start; at < slot.End;)
        {
            int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, slot.End - at)), at);
            if (read == 0) return false;
            hash.AppendData(buffer, 0, read);
            at += read;
        }

        hash.GetHashAndReset().AsSpan(0, SumBytes).CopyTo(sum);
        return sum.SequenceEqual(slot.Written.AsSpan());
    }

    private static Slot? SlotAt(byte[] slots, int index, int there)
    {
        ReadOnlySpan<byte> slot = slots.AsSpan(index * SlotBytes, SlotBytes);
        Span<byte> sum = stackalloc byte[SumBytes];
        Sum(slot[..^SumBytes], sum);
        int head = BinaryPrimitives.ReadInt32LittleEndian(slot[32..]);
        bool isWhole = there >= (index + 1) * SlotBytes && sum.SequenceEqual(slot[^SumBytes..]) && head is > 0 and <= SlotBytes - HeadAt - SumBytes;
        return !isWhole ? null : new Slot(
            BinaryPrimitives.ReadInt64LittleEndian(slot), BinaryPrimitives.ReadInt64LittleEndian(slot[16..]), BinaryPrimitives.ReadInt64LittleEndian(slot[8..]),
            [.. slot.Slice(24, SumBytes)], [.. slot.Slice(HeadAt, head)]);
    }

    private static byte[] ReadEntries(SafeFileHandle file, Slot slot, long maxBytes)
    {
        long length = slot.End - Entries;
        if (IsTooLong(slot, maxBytes)) throw new JournalException(
            JournalFault.TooLarge, $"the journal is refused: it has {length} bytes, and {maxBytes} are allowed (DurableOptions.MaxRunBytes)");
        byte[] entries = new byte[length];
        int read = RandomAccess.Read(file, entries, Entries);
        return read == length ? entries : throw new JournalException(JournalFault.Damaged, "the journal is refused: it is cut");
    }

    private static void Sum(ReadOnlySpan<byte> bytes, Span<byte> sum)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, whole);
        whole[..SumBytes].CopyTo(sum);
    }

    /// <summary>A head with its turn, and with the place and the sum of the entries that were written with it.</summary>
    private sealed record Slot(long Turn, long Start, long End, ImmutableArray<byte> Written, ImmutableArray<byte> Head);
}

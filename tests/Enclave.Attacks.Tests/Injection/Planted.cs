using System.Globalization;
using Enclave.Tests;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Changes one byte of a worker's memory from outside.</summary>
internal sealed record Planted(int Pid, long Address, byte Before, string Where)
{
    public const int MuchBytes = 8 << 20;

    private const int PageBytes = 4096, Gone = -1;

    public static Planted Nothing(int pid) => new(pid, 0, 0, "");

    /// <summary>
    /// A private mapping with any permissions, except for the stack and the book, which are not compared, and what the kernel keeps as it is, which is
    /// compared after some runs only.
    /// </summary>
    public static Planted Anywhere(int pid, Random random)
    {
        (long Begin, long End, string Line)[] all = Mappings(pid);
        // The book, with frames and the reset's notes, is the largest writable mapping without a name.
        long book = all.Where((one) => one.Line.Contains(" rw-p ", StringComparison.Ordinal)
            && one.Line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5).MaxBy((one) => one.End - one.Begin).Begin;
        List<PageRange> kept = MemoryKinds.Of(pid).Sealed;
        return In([.. all.Where((one) => one.Begin != book && !kept.Exists((range) => range.Begin <= one.Begin && one.End <= range.End))], pid, random);
    }

    /// <summary>
    /// The engine's own machine code: no job writes it, so no reset restores it, and a small job needs little of it. Where the kernel can, it keeps the worker
    /// from doing this.
    /// </summary>
    public static Planted InCode(int pid, Random random) => In(
        [.. Mappings(pid).Where((one) => one.Line.Contains(" r-xp ", StringComparison.Ordinal) && one.Line.EndsWith("/node", StringComparison.Ordinal))],
        pid, random);

    /// <summary>
    /// The engine's own constant data, of which the nursery has pages of its own: no job writes it, so no reset restores it, and once the byte is put back,
    /// nothing differs.
    /// </summary>
    public static Planted InConstants(int pid, Random random)
    {
        long[] pages =
        [
            .. Mappings(pid).Where((one) => one.Line.Contains(" r--p ", StringComparison.Ordinal) && one.Line.EndsWith("/node", StringComparison.Ordinal))
                .SelectMany((one) => OwnPages(pid, one.Begin, one.End)),
        ];
        long page = pages[random.Next(pages.Length)];
        return In([(page, page + PageBytes, "the engine's constants")], pid, random);
    }

    /// <summary>
    /// Fills memory that the worker keeps in reserve: no new mapping, and nothing that a job or the reset reads. The largest mappings of this kind are the
    /// book, then the reserve.
    /// </summary>
    public static Planted Much(int pid)
    {
        (long begin, long end, string line) = Mappings(pid)
            .Where((one) => one.Line.Contains(" rw-p ", StringComparison.Ordinal) && one.Line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5)
            .OrderByDescending((one) => one.End - one.Begin).ElementAt(1);
        Assert.True(end - begin > MuchBytes, line);
        byte[] bytes = new byte[MuchBytes];
        bytes.AsSpan().Fill(1);
        using FileStream memory = Open(pid, FileAccess.ReadWrite);
        memory.Position = begin;
        memory.Write(bytes);
        return new Planted(pid, begin, 0, line);
    }

    /// <summary>The pages of a private mapping that are not the file's (Documentation/admin-guide/mm/pagemap.rst).</summary>
    private static IEnumerable<long> OwnPages(int pid, long begin, long end)
    {
        byte[] entries = new byte[(end - begin) / PageBytes * sizeof(ulong)];
        using var pagemap = new FileStream($"/proc/{pid}/pagemap", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        pagemap.Position = begin / PageBytes * sizeof(ulong);
        pagemap.ReadExactly(entries);
        return Enumerable.Range(0, entries.Length / sizeof(ulong))
            .Where((i) => BitConverter.ToUInt64(entries, i * sizeof(ulong)) >> 61 == 4).Select((i) => begin + (i * PageBytes));
    }

    private static Planted In((long Begin, long End, string Line)[] all, int pid, Random random)
    {
        Assert.NotEmpty(all);
        while (true)
        {
            (long begin, long end, string line) = all[random.Next(all.Length)];
            long page = begin + (random.NextInt64((end - begin) / PageBytes) * PageBytes), address = page + random.Next(PageBytes);
            using FileStream memory = Open(pid, FileAccess.ReadWrite);
            try
            {
                memory.Position = address;
                int before = memory.ReadByte();
                if (before < 0) continue;
                memory.Position = address;
                memory.WriteByte((byte)(before ^ (1 + random.Next(255))));
                return new Planted(pid, address, (byte)before, line);
            }
            catch (IOException)
            {
                // Memory without permissions: not even the kernel reads or writes it for a debugger.
            }
        }
    }

    /// <summary>The whole range of the engine's own machine code.</summary>
    public static (long Begin, long End) Code(int pid)
    {
        (long Begin, long End, string Line)[] code =
            [.. Mappings(pid).Where((one) => one.Line.Contains(" r-xp ", StringComparison.Ordinal) && one.Line.Contains('/', StringComparison.Ordinal))];
        return (code.Min((one) => one.Begin), code.Max((one) => one.End));
    }

    public static (long Begin, long End) Stack(int pid)
    {
        string line = File.ReadAllLines($"/proc/{pid}/maps").Single((line) => line.EndsWith("[stack]", StringComparison.Ordinal));
        return (Hex(line.Split('-')[0]), Hex(line.Split('-')[1].Split(' ')[0]));
    }

    /// <summary>Puts the byte back.</summary>
    public void Undo()
    {
        if (Address == 0) return;
        using FileStream memory = Open(Pid, FileAccess.ReadWrite);
        memory.Position = Address;
        memory.WriteByte(Before);
    }

    private static (long Begin, long End, string Line)[] Mappings(int pid) =>
    [
        .. File.ReadAllLines($"/proc/{pid}/maps").Where((line) => line.Contains("p ", StringComparison.Ordinal)
            && !line.Contains("[v", StringComparison.Ordinal) && !line.EndsWith("[stack]", StringComparison.Ordinal))
            .Select((line) => (Hex(line.Split('-')[0]), Hex(line.Split('-')[1].Split(' ')[0]), line)),
    ];

    public bool IsUndone()
    {
        if (Address == 0) return true;
        int nursery = ProcessTable.Parent(Pid);
        int now = Read(Pid);
        return now == Gone || now == Read(nursery);
    }

    /// <summary>The byte at this place. <see cref="Gone"/> if nothing is mapped there, as for a finished job's own memory.</summary>
    private int Read(int pid)
    {
        try
        {
            using FileStream memory = Open(pid, FileAccess.Read);
            memory.Position = Address;
            return memory.ReadByte();
        }
        catch (IOException)
        {
            return Gone;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the byte at {Address:x} of {Pid} is as it was planted, in {Where}");

    public static FileStream Open(int pid, FileAccess access) => new($"/proc/{pid}/mem", FileMode.Open, access, FileShare.ReadWrite, 0);

    private static long Hex(string text) => long.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

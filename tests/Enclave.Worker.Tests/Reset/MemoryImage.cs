using System.Globalization;

namespace Enclave.Worker.Tests;

/// <summary>
/// A worker's mappings and the content of all private memory that it may have written, read from outside. The stack and the book are left out.
/// </summary>
internal sealed class MemoryImage
{
    private const int Step = 1 << 20;

    private readonly int _pid;
    private readonly string _mappings;
    private readonly List<(Mapping Mapping, byte[] Content)> _regions = [];

    private MemoryImage(int pid, string mappings)
    {
        _pid = pid;
        _mappings = mappings;
    }

    public long Bytes => _regions.Sum((region) => (long)region.Content.Length);

    public static MemoryImage Take(int pid)
    {
        List<Mapping> all = Mapping.ReadAll(pid);
        // The book, with frames and the reset's notes: the only other large mapping.
        Mapping book = all.Where((one) => one is { Rights: "rw-p", Name: "" }).MaxBy((one) => one.Length)!;
        var image = new MemoryImage(pid, Mapping.Outline(all));
        using FileStream memory = Open(pid);
        foreach (Mapping one in all.Where(
            (one) => one != book && one is { IsReadable: true, IsPrivate: true, WasWritable: true } && !one.Name.StartsWith('[') || one.Name == "[heap]"))
        {
            byte[] content = new byte[one.Length];
            memory.Position = one.Begin;
            memory.ReadExactly(content);
            image._regions.Add((one, content));
        }

        return image;
    }

    /// <summary>Describes the first difference, or returns null.</summary>
    public string? Difference()
    {
        string mappings = Mapping.Outline(Mapping.ReadAll(_pid));
        if (mappings != _mappings) return $"mappings:\n{string.Join('\n', mappings.Split('\n').Except(_mappings.Split('\n')))}\ninstead " +
            $"of\n{string.Join('\n', _mappings.Split('\n').Except(mappings.Split('\n')))}";
        byte[] chunk = new byte[Step];
        using FileStream memory = Open(_pid);
        foreach ((Mapping mapping, byte[] content) in _regions)
        {
            for (int at = 0; at < content.Length; at += Step)
            {
                Span<byte> now = chunk.AsSpan(0, Math.Min(Step, content.Length - at)), before = content.AsSpan(at, now.Length);
                memory.Position = mapping.Begin + at;
                memory.ReadExactly(now);
                if (now.SequenceEqual(before)) continue;
                int first = now.CommonPrefixLength(before);
                int count = 0;
                for (int i = first; i < now.Length; i++) count += now[i] != before[i] ? 1 : 0;
                return string.Create(CultureInfo.InvariantCulture, $"{count} bytes from {mapping.Begin + at + first:x} on, in {mapping}");
            }
        }

        return null;
    }

    private static FileStream Open(int pid) => new($"/proc/{pid}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
}

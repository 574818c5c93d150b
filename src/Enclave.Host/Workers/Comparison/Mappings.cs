using System.Buffers.Text;
using System.Globalization;

namespace Enclave.Workers.Comparison;

/// <summary>The layout of a process's address space: its mappings, which of them are executable, and the parts that are not compared.</summary>
/// <remarks>Read and write permissions are left out: the worker's own write protection changes them from page to page.</remarks>
internal sealed class Mappings
{
    private readonly List<(PageRange Range, bool IsCode)> _mapped = [];

    /// <summary>The stack, whose frames stay between jobs, and the kernel's own pages.</summary>
    public List<PageRange> Special { get; } = [];

    /// <summary>The stack.</summary>
    public PageRange Stack { get; private set; }

    /// <summary>The mapped ranges, in order.</summary>
    public IReadOnlyList<PageRange> Ranges => [.. _mapped.Select((mapping) => mapping.Range)];

    /// <summary>Reads a process's layout from its list. Null if the process is gone, or the list does not follow proc(5).</summary>
    /// <param name="text">The content of /proc/PID/maps.</param>
    public static Mappings? Parse(ReadOnlySpan<byte> text)
    {
        var outline = new Mappings();
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            if (end < 0 || !outline.TryAdd(text[..end])) return null;
            text = text[(end + 1)..];
        }

        return outline._mapped.Count > 0 ? outline : null;
    }

    /// <summary>Describes the first difference; null if both are equal.</summary>
    public string? Difference(Mappings now)
    {
        for (int i = 0; i < Math.Max(_mapped.Count, now._mapped.Count); i++)
        {
            if (i >= _mapped.Count) return $"a mapping at {Words(now._mapped[i])}";
            if (i >= now._mapped.Count) return $"no mapping at {Words(_mapped[i])}";
            if (_mapped[i] != now._mapped[i]) return $"a mapping at {Words(now._mapped[i])} in the place of {Words(_mapped[i])}";
        }

        return null;
    }

    private static string Words((PageRange Range, bool IsCode) mapping) =>
        string.Create(CultureInfo.InvariantCulture, $"{mapping.Range.Begin:x}-{mapping.Range.End:x}{(mapping.IsCode ? " with code" : "")}");

    /// <summary>"BEGIN-END rwxp OFFSET DEVICE INODE NAME".</summary>
    private bool TryAdd(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out long begin, out int used, 'x') || used >= line.Length || line[used] != '-') return false;
        line = line[(used + 1)..];
        if (!Utf8Parser.TryParse(line, out long end, out used, 'x') || line.Length < used + 5) return false;
        bool isCode = line[used + 3] == 'x';
        var range = new PageRange(begin, end);
        // The kernel's pages have different addresses in each process, and the stack grows.
        if (line.IndexOf("[v"u8) >= 0 || line.EndsWith("[stack]"u8))
        {
            Special.Add(range);
            if (line.EndsWith("[stack]"u8)) Stack = range;
            return true;
        }

        if (_mapped.Count > 0 && _mapped[^1].Range.End == begin && _mapped[^1].IsCode == isCode)
            _mapped[^1] = (new PageRange(_mapped[^1].Range.Begin, end), isCode);
        else _mapped.Add((range, isCode));
        return true;
    }
}

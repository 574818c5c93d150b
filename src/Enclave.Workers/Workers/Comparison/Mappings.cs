using System.Globalization;

namespace Enclave.Workers.Comparison;

/// <summary>The layout of a process's address space: its mappings, which of them are executable, and the parts that are not compared.</summary>
/// <remarks>
/// Permissions to read and write are left out: the worker's own write protection changes them from page to page. Code of a file or of the kernel's page is
/// never writable.
/// </remarks>
internal sealed class Mappings
{
    private readonly List<(PageRange Range, MappingKind Kind)> _mapped = [];
    private readonly byte[] _text;
    private MappingKind _stack;

    private Mappings(byte[] text) => _text = text;

    private enum MappingKind
    {
        Data,
        Code,
        WritableCodeOfFile,
    }

    /// <summary>The stack, whose frames stay between jobs, and the kernel's data, which a process cannot write.</summary>
    public List<PageRange> Special { get; } = [];

    /// <summary>The stack.</summary>
    public PageRange Stack { get; private set; }

    /// <summary>The mapped ranges, in order.</summary>
    public PageRange[] Ranges => [.. _mapped.Select((mapping) => mapping.Range)];

    /// <summary>Reads a process's layout from its list. Null if the process is gone, or the list does not follow proc(5).</summary>
    /// <param name="text">The content of /proc/PID/maps.</param>
    public static Mappings? Parse(ReadOnlySpan<byte> text)
    {
        var outline = new Mappings(text.ToArray());
        while (!text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            if (end < 0 || !outline.TryAdd(text[..end])) return null;
            text = text[(end + 1)..];
        }

        return outline._mapped.Count > 0 ? outline : null;
    }

    /// <summary>True if they were read from this text. Most workers have the same one after each job.</summary>
    public bool IsSame(ReadOnlySpan<byte> text) => text.SequenceEqual(_text);

    /// <summary>Describes the first difference; null if both are equal.</summary>
    public string? Difference(Mappings now)
    {
        for (int i = 0; i < Math.Max(_mapped.Count, now._mapped.Count); i++)
        {
            if (i >= _mapped.Count) return $"a mapping at {Words(now._mapped[i])}";
            if (i >= now._mapped.Count) return $"no mapping at {Words(_mapped[i])}";
            if (_mapped[i] != now._mapped[i]) return $"a mapping at {Words(now._mapped[i])} in the place of {Words(_mapped[i])}";
        }

        return now._stack == _stack ? null : "an executable stack";
    }

    private static string Words((PageRange Range, MappingKind Kind) mapping)
    {
        string kind = mapping.Kind switch { MappingKind.Data => "", MappingKind.Code => " with code", _ => " with writable code" };
        return string.Create(CultureInfo.InvariantCulture, $"{mapping.Range.Begin:x}-{mapping.Range.End:x}{kind}");
    }

    /// <summary>"BEGIN-END rwxp OFFSET DEVICE INODE NAME".</summary>
    private bool TryAdd(ReadOnlySpan<byte> line)
    {
        if (!PageRange.TryRead(line, out PageRange range, out int used) || line.Length < used + 5) return false;
        ReadOnlySpan<byte> rights = line.Slice(used + 1, 4);
        bool isKernelCode = line.EndsWith("[vdso]"u8), isFixed = isKernelCode || line.IndexOf((byte)'/') >= 0;
        MappingKind kind = rights[2] != 'x' ? MappingKind.Data : rights[1] == 'w' && isFixed ? MappingKind.WritableCodeOfFile : MappingKind.Code;
        // [vsyscall] is the kernel's half of the addresses: the same for every process.
        if (range.Begin < 0) return true;
        bool isStack = line.EndsWith("[stack]"u8);
        if (isStack) (_stack, Stack) = (kind, range);
        if (isStack || (line.IndexOf("[v"u8) >= 0 && !isKernelCode)) Special.Add(range);
        // The begin of a stack may differ, because a stack grows.
        if (isStack) return true;
        if (_mapped.Count > 0 && _mapped[^1].Range.End == range.Begin && _mapped[^1].Kind == kind)
            _mapped[^1] = (new PageRange(_mapped[^1].Range.Begin, range.End), kind);
        else _mapped.Add((range, kind));
        return true;
    }
}

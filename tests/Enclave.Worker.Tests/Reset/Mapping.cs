using System.Globalization;

namespace Enclave.Worker.Tests;

/// <summary>A mapping in /proc/PID/smaps.</summary>
/// <param name="Rights">As the kernel writes them: rwxp.</param>
/// <param name="WasWritable">True if the process could ever write there. The kernel counts such memory even while it is protected.</param>
internal sealed record Mapping(long Begin, long End, string Rights, string Name, bool WasWritable)
{
    public bool IsReadable => Rights[0] == 'r';

    public bool IsPrivate => Rights[3] == 'p';

    public long Length => End - Begin;

    public static List<Mapping> ReadAll(int pid)
    {
        var all = new List<Mapping>();
        foreach (string line in File.ReadLines($"/proc/{pid}/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "VmFlags:") all[^1] = all[^1] with { WasWritable = all[^1].Name.Length == 0 || words.Contains("ac") };
            if (words[0].EndsWith(':')) continue;
            string[] ends = words[0].Split('-');
            all.Add(new(long.Parse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                long.Parse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), words[1], words.Length > 5 ? words[5] : "", false));
        }

        return all;
    }

    /// <summary>All mappings without their write permission, which tracking changes. Adjacent mappings that become equal are joined.</summary>
    public static string Outline(IEnumerable<Mapping> all)
    {
        var merged = new List<Mapping>();
        foreach (Mapping one in all)
        {
            Mapping plain = one with { Rights = one.Rights.Replace('w', '-'), WasWritable = false };
            if (merged.Count > 0 && merged[^1] is { } last && last.End == plain.Begin && last.Rights == plain.Rights && last.Name == plain.Name)
                merged[^1] = last with { End = plain.End };
            else merged.Add(plain);
        }

        return string.Join('\n', merged);
    }

    public override string ToString() => $"{Begin:x}-{End:x} {Rights} {Name}";
}

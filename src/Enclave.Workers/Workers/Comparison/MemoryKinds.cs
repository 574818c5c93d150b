using System.Runtime.Versioning;
using System.Text;

namespace Enclave.Workers.Comparison;

/// <summary>Kinds of a nursery's mappings, from the kernel (proc(5), /proc/PID/smaps). They are the same in the nursery's cells.</summary>
/// <param name="Sealed">
/// Memory that neither the nursery nor its cells can change: not writable, and sealed (mseal(2), Linux 6.10), so that the kernel refuses to change its
/// permissions, to unmap or replace it, and to discard its pages. Older kernels still discard the private pages of a sealed file mapping, so such mappings are
/// not listed.
/// </param>
/// <param name="OfFiles">Mappings whose pages may belong to a file or to the kernel.</param>
[SupportedOSPlatform("linux")]
internal sealed record MemoryKinds(List<PageRange> Sealed, List<PageRange> OfFiles)
{
    /// <summary>About 25 lines for each of at most 4,096 mappings, as in native/maps.h.</summary>
    private const int MaxLines = 4096 * 40;

    /// <summary>Reads the kernel's list. Without a list, no memory counts as sealed, and any page may belong to a file.</summary>
    public static MemoryKinds Of(int pid)
    {
        var kinds = new MemoryKinds([], []);
        try
        {
            kinds.Read(File.ReadLines($"/proc/{pid}/smaps").Take(MaxLines));
            return kinds;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new MemoryKinds([], [PageScan.Addresses]);
        }
    }

    private void Read(IEnumerable<string> lines)
    {
        var range = default(PageRange);
        bool isOfFile = false, hasOwn = false;
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (PageRange.TryRead(Encoding.ASCII.GetBytes(words[0]), out PageRange begun, out _))
            {
                (range, isOfFile, hasOwn) = (begun, line.Contains('/') || line.Contains("[v", StringComparison.Ordinal), false);
                if (isOfFile) PageRange.Append(OfFiles, range.Begin, range.End);
            }
            else if (words[0] == "Anonymous:")
            {
                hasOwn = words[1] != "0";
            }
            else if (words[0] == "VmFlags:" && words.Contains("sl") && !words.Contains("wr") && !(isOfFile && hasOwn))
            {
                PageRange.Append(Sealed, range.Begin, range.End);
            }
        }
    }
}

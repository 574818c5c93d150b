using System.Runtime.InteropServices;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks the C library that the engine is linked against.</summary>
internal sealed partial class LibcProbe : IProbe
{
    private const string Name = "glibc";
    private const string Remedy = "use Debian 12, Ubuntu 23.04 or newer";

    private static readonly Version s_oldest = new(2, 36);

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe());

    private static Finding Probe()
    {
        try
        {
            string version = Marshal.PtrToStringUTF8(gnu_get_libc_version())!;
            return Version.Parse(version) >= s_oldest
                ? new Finding { Name = Name, Value = version }
                : Finding.Broken(Name, $"{version}, older than {s_oldest}", Remedy);
        }
        catch (EntryPointNotFoundException)
        {
            return Finding.Broken(Name, "another C library", Remedy);
        }
    }

    [LibraryImport("libc")]
    private static partial nint gnu_get_libc_version();
}

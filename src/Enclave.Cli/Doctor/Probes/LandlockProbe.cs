using System.Runtime.InteropServices;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks Landlock, which removes a worker's access to files where namespaces are refused, by asking the kernel.</summary>
internal sealed partial class LandlockProbe : IProbe
{
    private const string Name = "landlock";
    private const int CreateRuleset = 444, AskVersion = 1;
    private const int NoSuchCall = 38, SwitchedOff = 95;

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe());

    private static Finding Probe()
    {
        nint version = syscall(CreateRuleset, 0, 0, AskVersion);
        if (version > 0) return new Finding { Name = Name, Value = $"ABI {version}: {Scope((int)version)}" };
        int error = Marshal.GetLastPInvokeError();
        return error switch
        {
            NoSuchCall => Finding.Missing(Name, "not in this kernel", "use a kernel of 5.13 or newer with CONFIG_SECURITY_LANDLOCK"),
            SwitchedOff => Finding.Missing(Name, "in this kernel, but not enabled", "add landlock to the kernel's lsm= parameter"),
            _ => Finding.Missing(
                Name, $"refused ({Marshal.GetPInvokeErrorMessage(error)})", "in a container: allow the landlock system calls in its seccomp profile"),
        };
    }

    private static string Scope(int version) => version switch
    {
        >= 6 => "files, TCP, signals",
        >= 4 => "files, TCP",
        _ => "files",
    };

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint attributes, nint size, nint flags);
}

using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Enclave.TestHost;

/// <summary>
/// Lowers the limit of open files until <c>FREE</c> numbers are free, runs a script at a level, and prints its value or why there is none. The console is
/// open before, so what the process lacks then, the host lacks.
/// </summary>
internal static class FewFiles
{
    // RLIMIT_NOFILE of <sys/resource.h>.
    private const int LimitOfFiles = 7;

    public static async Task Run(int free, SecurityLevel level)
    {
        Console.WriteLine(Console.In.ReadLine());
        HashSet<int> open = [.. Directory.EnumerateFiles("/proc/self/fd").Select((name) => int.Parse(Path.GetFileName(name), CultureInfo.InvariantCulture))];
        int limit = 0;
        for (int left = free; left > 0; limit++) left -= open.Contains(limit) ? 0 : 1;
        if (setrlimit(LimitOfFiles, [(ulong)limit, (ulong)limit]) != 0) throw new Win32Exception();
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() });
        ExecutionResult result = await host.RunAsync("return 6 * 7");
        Console.WriteLine(result.Error?.Message ?? result.Value.ToJsonString());
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setrlimit(int resource, ulong[] limits);
}

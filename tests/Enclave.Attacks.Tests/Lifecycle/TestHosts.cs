using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Hosts in their own processes (Enclave.TestHost), for tests of a host's death.</summary>
internal static class TestHosts
{
    /// <param name="mode">The mode and its arguments.</param>
    /// <param name="before">Commands that the shell runs before it becomes the host.</param>
    public static Process Start(string mode, string before = "") =>
        Process.Start(new ProcessStartInfo("bash",
            ["-c", $"{before} exec '{Repository.DotNet}' exec '{Repository.Built("Enclave.TestHost")}' {mode}"])
        { RedirectStandardOutput = true })!;

    public static Task<string?> NextLine(Process host) => Within.Deadline(host.StandardOutput.ReadLineAsync(), "next line of the host");
}

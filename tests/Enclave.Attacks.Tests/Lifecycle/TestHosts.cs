using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Hosts in processes of their own (Enclave.TestHost), for tests of what becomes of a host's workers.</summary>
internal static class TestHosts
{
    /// <param name="mode">What it does, and with what.</param>
    /// <param name="before">What the shell does that becomes the host.</param>
    public static Process Start(string mode, string before = "") =>
        Process.Start(new ProcessStartInfo("bash", ["-c", $"{before} exec '{TestLauncher.DotNet}' exec '{TestLauncher.Built("Enclave.TestHost")}' {mode}"]) { RedirectStandardOutput = true })!;

    public static Task<string?> NextLine(Process host) => Within.Deadline(host.StandardOutput.ReadLineAsync(), "next line of the host");
}

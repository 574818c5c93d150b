using System.Diagnostics;
using System.Text;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Hosts that are killed outright at any moment of their life leave no worker, whatever it was doing.</summary>
[Collection(Alone.Name)]
public sealed class HostDeathTests
{
    [Fact]
    public async Task L3_Hosts_killed_at_random_moments_leave_no_worker()
    {
        // A host is up after about 150 ms: the moments reach from before its first worker to well into its jobs.
        var random = new Random(20261120);
        for (int i = 0; i < TestSize.Of(10, 1000); i++)
        {
            using Process host = Process.Start(new ProcessStartInfo(TestLauncher.DotNet, ["exec", TestLauncher.Built("Enclave.TestHost")]) { RedirectStandardOutput = true })!;
            await Task.Delay(random.Next(0, 400));

            Processes.Signal(host.Id, Processes.Kill);
            await Within.Deadline(host.WaitForExitAsync(), "end of the killed host");

            await Within.Becomes(() => WorkersOf(host.Id).Length == 0, $"no worker of host {host.Id} runs");
        }
    }

    /// <summary>Workers carry their host's process id as the last word of their command line, whoever has adopted them.</summary>
    private static int[] WorkersOf(int host) => [.. Directory.GetDirectories("/proc").Select((folder) => Path.GetFileName(folder)).Where((name) => char.IsAsciiDigit(name[0]))
        .Select(int.Parse).Where((pid) => IsWorkerOf(pid, host) && !Processes.IsZombie(pid))];

    private static bool IsWorkerOf(int pid, int host)
    {
        try
        {
            string command = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline"));
            return command.Contains("libenclave-engine", StringComparison.Ordinal) && command.EndsWith($"\0{host}\0", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It ended while it was looked at.
            return false;
        }
    }
}

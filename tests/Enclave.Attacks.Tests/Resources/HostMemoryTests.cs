using System.Diagnostics;
using System.Globalization;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>
/// Scripts that attack the host's memory instead of their own. The host's memory is limited to the figure in docs/security-model.md. Runs alone, because it
/// uses all cores.
/// </summary>
[Collection(Alone.Name)]
public sealed class HostMemoryTests
{
    private const int Workers = 4;

    /// <summary>
    /// By the formula, with STANDARD's limits: 64 MB for the process, 256 MB for calls and answers, and for each worker twice a message of 16 MB while it
    /// grows, and 64 MB for the result that is being read.
    /// </summary>
    private const int Megabytes = 64 + 256 + (Workers * ((2 * 16) + 64));

    private static readonly TimeSpan s_limit = TestSize.Full ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Runs_that_hold_as_much_as_they_may_leave_the_host_its_memory()
    {
        int runs = TestSize.Of(4, 300);
        var start = new ProcessStartInfo(
            Repository.DotNet, ["exec", Repository.Built("Enclave.TestHost"), "hold", $"{runs}", $"{Workers}"])
        { RedirectStandardOutput = true };
        // Exceeding it would end the process; no other test is affected.
        start.Environment["DOTNET_GCHeapHardLimit"] = (Megabytes << 20).ToString("x", CultureInfo.InvariantCulture);
        using Process host = Process.Start(start)!;
        try
        {
            string[] said = (await host.StandardOutput.ReadToEndAsync().WaitAsync(s_limit)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await Within.Deadline(host.WaitForExitAsync(), "end of the host");

            Assert.True(host.ExitCode == 0, $"the host ended with {host.ExitCode} under {Megabytes} MB");
            // Calls that nobody awaits may fail for lack of memory, and their script with them. Nothing is killed or refused.
            int answered = said.Where((line) => line.EndsWith(" ok", StringComparison.Ordinal) || line.EndsWith(" ToolError", StringComparison.Ordinal))
                .Sum((line) => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
            Assert.True(answered == runs, string.Join("; ", said));
            TestContext.Current.SendDiagnosticMessage($"{runs} runs on {Workers} workers: {said[^1]}");
        }
        finally
        {
            if (!host.HasExited) host.Kill(entireProcessTree: true);
        }
    }
}

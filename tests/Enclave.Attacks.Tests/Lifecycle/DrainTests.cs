using System.Diagnostics;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>An application that receives SIGTERM in the middle of its work, as from an operator's service manager.</summary>
public sealed class DrainTests
{
    [Theory]
    [InlineData("drain 60 0", "running: finished", "running: finished")]
    [InlineData("drain 0.5 1", "running: PoolDisposed", "running: finished")]
    [InlineData("drain 0 2", "running: PoolDisposed", "running: PoolDisposed")]
    public async Task L4_Asked_to_stop_a_host_ends_what_runs_and_refuses_what_waits(string mode, params string[] running)
    {
        using Process host = TestHosts.Start(mode);
        try
        {
            Assert.Equal("ready", await TestHosts.NextLine(host));
            int[] workers = ProcessTable.WorkersOf(host.Id);
            Assert.NotEmpty(workers);

            ProcessTable.Signal(host.Id, ProcessTable.Terminate);

            string rest = await Within.Deadline(host.StandardOutput.ReadToEndAsync(), "last words of the host");
            await Within.Deadline(host.WaitForExitAsync(), "end of the host");
            Assert.Equal([.. Enumerable.Repeat("waiting: PoolDisposed", 3), .. running, "workers: 0"], rest.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.Equal(0, host.ExitCode);
            foreach (int worker in workers) await ProcessTable.Gone(worker, "a worker of the host that ended");
        }
        finally
        {
            host.Kill();
        }
    }
}

using System.Collections.Concurrent;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>Stopping a service signals every process of it. The host drains, and its workers must not end before it.</summary>
[Collection(Alone.Name)]
public sealed class StopSignalTests
{
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task L4_A_request_to_end_that_reaches_workers_ends_none_of_them(SecurityLevel level)
    {
        var gate = new TestGate();
        var launcher = new TestLauncher(TestLauncher.Real(level));
        var events = new ConcurrentQueue<SecurityEvent>();
        EnclaveOptions options = new EnclaveOptions { SecurityLevel = level, ToolHandler = gate.Handle, OnSecurityEvent = events.Enqueue }.WithoutGuard();
        await using (var host = new EnclaveHost(options, null, launcher))
        {
            Task<ExecutionResult> job = host.RunAsync(TestGate.Script);
            await gate.Arrival();
            int worker = launcher.Pids[0], parent = ProcessTable.Parent(worker);
            foreach (int signal in (int[])[1, 2, 3, 15])
            {
                ProcessTable.Signal(worker, signal);
                if (parent != Environment.ProcessId) ProcessTable.Signal(parent, signal);
            }

            gate.Open();
            ExecutionResult result = await Within.Deadline(job, "answer of the job whose worker was asked to end");
            ExecutionResult next = await Within.Deadline(host.RunAsync("return 2"), "answer of the next job");

            Assert.True(result.Success, result.Error?.Message);
            Assert.Equal((true, 1), (next.Success, launcher.Launches));
        }

        Assert.Empty(events);
    }
}

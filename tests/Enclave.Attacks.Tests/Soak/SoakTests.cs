using System.Globalization;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Soak;

/// <summary>Everything at once for a given time: jobs of every kind from several tenants, on pools whose workers are killed and stopped.</summary>
[Collection(Alone.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Rounds = 10;

    private static readonly ErrorCode[] s_met =
        [ErrorCode.Timeout, ErrorCode.MemoryLimitExceeded, ErrorCode.RuntimeError, ErrorCode.WorkerCrashed, ErrorCode.QueueFull, ErrorCode.ValidationError,
            ErrorCode.ToolError, ErrorCode.MaxToolCalls, ErrorCode.OutputLimit];

    [Fact]
    public async Task Soak_of_all_kinds_of_jobs_while_workers_are_killed_and_stopped()
    {
        string? fixedSeed = Environment.GetEnvironmentVariable("ENCLAVE_TEST_SEED");
        int seed = fixedSeed is null ? Random.Shared.Next() : int.Parse(fixedSeed, CultureInfo.InvariantCulture);
        output.WriteLine($"seed {seed} (ENCLAVE_TEST_SEED={seed} repeats the jobs), {TestSize.Soak.TotalMinutes:0.##} min");
        await FirstHost();
        await HostTraces.AssertNone();
        string[] descriptors = HostTraces.Descriptors();
        var (tally, memory) = (new SoakTally(), new MemoryTrend());
        var chaos = new Chaos(seed, tally);
        SoakHost[] hosts = [new(SecurityLevel.Standard, seed, tally, chaos), new(SecurityLevel.Secure, seed, tally, chaos)];
        try
        {
            foreach (SoakHost host in hosts) await host.WarmUpAsync();
            for (int round = 0; round < Rounds && tally.Faults.Count == 0; round++)
            {
                await Task.WhenAll(hosts.Select((host) => host.RunAsync(TestSize.Soak / Rounds)));
                memory.Sample(tally.Ended);
            }

            if (tally.Faults.Count == 0) foreach (SoakHost host in hosts) await host.AssertWell();
        }
        finally
        {
            await Task.WhenAll(hosts.Select((host) => host.DisposeAsync().AsTask()));
            foreach (string line in tally.Report()) output.WriteLine(line);
            output.WriteLine(memory.ToString());
        }

        Assert.True(tally.Faults.Count == 0, $"seed {seed}:\n{string.Join('\n', tally.Faults)}");
        await HostTraces.AssertNone();
        await HostTraces.AssertDescriptors(descriptors);
        memory.AssertFlat();
        foreach (string outcome in (IEnumerable<string>)["success", "cancelled", .. s_met.Select((code) => code.ToString())])
            Assert.True(tally.Jobs(outcome) > 0, $"seed {seed}: no job ended with {outcome}");
    }

    /// <summary>Opens everything that a process opens once, before anything is counted.</summary>
    private static async Task FirstHost()
    {
        await using var host = new EnclaveHost(new EnclaveOptions { ToolHandler = static (_, args, _) => new(args) });
        ExecutionResult result = await Within.Deadline(host.RunAsync("await callTool('any', {}); return 1"), "answer of the first host");
        Assert.True(result.Success, result.Error?.Message);
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Attacks.Tests.Lifecycle;

/// <summary>A host without a free descriptor cannot look at a worker. That never counts as if it needed not.</summary>
public sealed class DescriptorShortageTests
{
    private EnclaveHost? _host;
    private string? _failure;

    /// <summary>The host cannot take the image at the moment in which the first worker is ready, and can afterwards.</summary>
    [Fact]
    public async Task At_STRICT_a_worker_that_cannot_be_compared_when_it_is_ready_is_compared_before_its_first_job()
    {
        NeedsComparison();
        var looks = new ConcurrentQueue<(int Worker, ShortProcess.Step Step)>();
        await using EnclaveHost host = Host((worker, step) =>
        {
            looks.Enqueue((worker, step));
            return step == ShortProcess.Step.Asks;
        });

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 6 * 7"), "answer of a job");

        Assert.Equal(42, result.Value.AsInt64());
        Assert.Contains(looks, (look) => look.Step == ShortProcess.Step.Compares);
        LayerReport own = Assert.Single(host.GetIsolationReport().Workers).Layers.Single((layer) => layer.Layer == IsolationLayer.OwnProcess);
        Assert.EndsWith("compared from outside after every run", own.Detail, StringComparison.Ordinal);
    }

    /// <summary>The shortage lasts for two workers. The answer comes from the third.</summary>
    [Fact]
    public async Task At_STRICT_no_worker_that_cannot_be_compared_gets_a_job()
    {
        NeedsComparison();
        await using EnclaveHost host = ShortForTwo([ShortProcess.Step.Asks, ShortProcess.Step.Compares]);

        await AssertTheThirdAnswers(host, "Too many open files");
        Assert.Empty(host.GetSnapshot().SecurityEventsBy);
    }

    /// <summary>Without a descriptor the host sees neither the worker's descriptors nor its environment, limits and root.</summary>
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task A_worker_that_cannot_be_inspected_gets_no_job(SecurityLevel level)
    {
        NeedsComparison();
        await using EnclaveHost host = ShortForTwo([ShortProcess.Step.Inspects], level);

        await AssertTheThirdAnswers(host, "no free descriptor");
        Assert.Empty(host.GetSnapshot().SecurityEventsBy);
    }

    /// <summary>Without its memory when it was ready the host could not tell how much its jobs add.</summary>
    [Fact]
    public async Task A_worker_whose_memory_cannot_be_measured_gets_no_job()
    {
        NeedsComparison();
        await using EnclaveHost host = ShortForTwo([ShortProcess.Step.Measures], SecurityLevel.Standard);

        await AssertTheThirdAnswers(host, "how much memory it has");
    }

    /// <summary>The lists of users and groups say who is in a group. Without them anyone may be.</summary>
    [Fact]
    public void A_group_whose_members_cannot_be_read_is_not_trusted()
    {
        int[] everyone = [.. File.ReadLines("/etc/passwd").Select((line) => int.Parse(line.Split(':')[2], CultureInfo.InvariantCulture))];

        Assert.True(PrivateGroup.IsOfTrusted("/etc", 0, [.. everyone]));
        Assert.False(Shortage.During(() => PrivateGroup.IsOfTrusted("/etc", 0, [.. everyone])));
    }

    private async Task AssertTheThirdAnswers(EnclaveHost host, string failure)
    {
        ExecutionResult result = await Within.Deadline(host.RunAsync("return 6 * 7"), "answer of a job");

        Assert.Equal(42, result.Value.AsInt64());
        Assert.Equal(3, result.Stats.WorkerId);
        Assert.Contains(failure, _failure, StringComparison.Ordinal);
    }

    private static void NeedsComparison() =>
        Assert.SkipUnless(Machine.This.IsRoot && Machine.This.Bubblewrap is not null, "this host may not read its workers' memory");

    /// <summary>A host that has no descriptor for these looks at its first two workers. Each start that fails is known until one succeeds.</summary>
    private EnclaveHost ShortForTwo(ShortProcess.Step[] steps, SecurityLevel level = SecurityLevel.Strict) => _host = Host(
        (worker, step) =>
        {
            if (worker == 3) _failure ??= _host?.GetSnapshot().LastStartFailure;
            return worker <= 2 && steps.Contains(step);
        },
        level);

    private static EnclaveHost Host(Func<int, ShortProcess.Step, bool> isShort, SecurityLevel level = SecurityLevel.Strict)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0 },
        };
        return new EnclaveHost(options.WithoutGuard(), null, new WrappingLauncher(
            TestLauncher.Real(level), (number, process) => new ShortProcess(process, (step) => isShort(number, step))));
    }
}

using System.Collections.Concurrent;
using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>
/// Workers that claim more layers than they have, or apply fewer than their level wants: the jobs that they get, and the reports to the operator.
/// </summary>
public sealed class LyingWorkerTests
{
    private static readonly IsolationLayer[] s_all = Enum.GetValues<IsolationLayer>();

    private readonly ConcurrentQueue<SecurityEvent> _events = [];

    [Theory]
    [InlineData(IsolationLayer.Seccomp, "limits,seccomp,user,noexec,landlock=7")]
    [InlineData(IsolationLayer.ResourceLimits, "limits")]
    [InlineData(IsolationLayer.HardenedProcess, "")]
    public async Task A_worker_that_claims_more_than_holds_is_killed_before_its_first_job(IsolationLayer layer, string claims)
    {
        IsolationPlan plan = Only(SecurityLevel.Standard, layer);
        var launcher = new TestLauncher(
            new ConfinedLauncher(plan, "hello", $"ready-claiming:{claims}", "job", "value:from the liar", "read-on"), TestLauncher.Real());
        await using EnclaveHost host = Host(SecurityLevel.Standard, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 'from the honest one'"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("from the honest one", result.Value.AsString());
        SecurityEvent report = Assert.Single(_events);
        Assert.Equal(SecurityEventKind.IsolationMismatch, report.Kind);
        Assert.StartsWith($"{layer}: ", report.Detail, StringComparison.Ordinal);
        Assert.Equal(launcher.Pids[0], report.ProcessId);
        Assert.Equal(0ul, report.JobId);
        await ProcessTable.Gone(launcher.Pids[0], "the liar");
    }

    [Fact]
    public async Task A_worker_that_claims_a_user_it_is_not_is_killed()
    {
        IsolationPlan plan = Only(SecurityLevel.Standard, IsolationLayer.DroppedUser);
        Assert.SkipUnless(plan.ChangesUser, "this process may not give workers a user: run the tests as root");
        var launcher = new TestLauncher(new ConfinedLauncher(plan, "hello", "ready-claiming:user", "read-on"), TestLauncher.Real());
        await using EnclaveHost host = Host(SecurityLevel.Standard, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.StartsWith("DroppedUser: ", Assert.Single(_events).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IsolationLayer.Seccomp)]
    [InlineData(IsolationLayer.ResourceLimits)]
    public async Task A_mandatory_layer_that_a_worker_did_not_put_on_is_isolation_unavailable(IsolationLayer layer)
    {
        IsolationPlan plan = Only(SecurityLevel.Standard, layer);
        var launcher = new TestLauncher(new ConfinedLauncher(plan, "hello", "ready-claiming:", "job", "value:unlocked", "read-on"));
        await using EnclaveHost host = Host(SecurityLevel.Standard, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.Equal(ErrorCode.IsolationUnavailable, result.Error?.Code);
        Assert.Contains($"{layer} could not be put on", result.Error!.Message, StringComparison.Ordinal);
        // It did not lie, so there is no alarm.
        Assert.Empty(_events);
        foreach (int pid in launcher.Pids) await ProcessTable.Gone(pid, "a worker without its lock");
    }

    [Theory]
    [InlineData(SecurityLevel.Permissive, IsolationLayer.Seccomp)]
    [InlineData(SecurityLevel.Permissive, IsolationLayer.ResourceLimits)]
    public async Task A_layer_of_best_effort_that_failed_is_reported_and_the_job_runs(SecurityLevel level, IsolationLayer layer)
    {
        var launcher = new TestLauncher(new ConfinedLauncher(Only(level, layer), "hello", "ready-claiming:", "job", "value:ran", "read-on"));
        await using EnclaveHost host = Host(level, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.Equal("ran", result.Value.AsString());
        Assert.Equal($"process -{layer}", result.Stats.Isolation);
        WorkerIsolation worker = Assert.Single(host.GetIsolationReport().Workers);
        Assert.Equal((launcher.Pids[0], $"process -{layer}"), (worker.ProcessId, worker.Tag));
        LayerReport report = worker.Layers[(int)layer];
        Assert.Equal((layer, LayerRequirement.BestEffort, LayerStatus.Failed), (report.Layer, report.Requirement, report.Status));
        Assert.Empty(_events);
    }

    [Fact]
    public async Task A_mandatory_layer_whose_loss_is_accepted_is_reported_and_the_job_runs()
    {
        IsolationPlan plan = Only(SecurityLevel.Standard, IsolationLayer.Seccomp) with { Accepted = [IsolationLayer.Seccomp] };
        var launcher = new TestLauncher(new ConfinedLauncher(plan, "hello", "ready-claiming:", "job", "value:ran", "read-on"));
        await using EnclaveHost host = Host(SecurityLevel.Standard, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.Equal(("ran", "process -Seccomp"), (result.Value.AsString(), result.Stats.Isolation));
        LayerReport report = Assert.Single(host.GetIsolationReport().Workers).Layers[(int)IsolationLayer.Seccomp];
        Assert.Equal((LayerStatus.Failed, true), (report.Status, report.Accepted));
    }

    [Fact]
    public async Task A_worker_that_ends_as_it_becomes_ready_is_no_liar()
    {
        IsolationPlan plan = Only(SecurityLevel.Standard, IsolationLayer.Seccomp);
        var launcher = new TestLauncher(new ConfinedLauncher(plan, "hello", "ready-claiming:", "exit:3"), TestLauncher.Real());
        await using EnclaveHost host = Host(SecurityLevel.Standard, launcher);

        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Empty(_events);
    }

    /// <summary>The level's plan with one layer of its own, so that the report is about that layer.</summary>
    private static IsolationPlan Only(SecurityLevel level, IsolationLayer layer) =>
        IsolationPlan.For(level, Machine.This, [])
            .Without([.. s_all.Where((other) => other != layer && other != IsolationLayer.OwnProcess)]) with
        { Form = JailForm.None };

    private EnclaveHost Host(SecurityLevel level, TestLauncher launcher) => new(
        new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 1, StartTimeout = TimeSpan.FromSeconds(20) },
            OnSecurityEvent = _events.Enqueue,
        },
        null,
        launcher);
}

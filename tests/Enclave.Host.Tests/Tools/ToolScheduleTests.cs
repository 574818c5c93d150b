using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools;

/// <summary>Random schedules of concurrent calls, failures, time limits, cancels and ends of scripts, several runs at once.</summary>
public sealed class ToolScheduleTests
{
    private const int AtOnce = 6;

    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task Each_call_settles_once_and_none_outlives_its_run_but_by_its_own_refusal()
    {
        await using var host = new EnclaveHost(Options());
        await host.WarmUpAsync(TestContext.Current.CancellationToken);

        await Parallel.ForEachAsync(
            Enumerable.Range(1, TestSize.Of(600, 10_000)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (seed, _) =>
            {
                using var schedule = new ToolSchedule(seed);
                await Check(host, schedule);
            });

        await Within.Becomes(
            () => (host.Registry.UnderWay, host.Registry.Approvals.Workers, host.GetSnapshot().ActiveWorkers) == (0, 0, 0),
            "every counter was zero again",
            () => $"{host.Registry.UnderWay} calls, {host.Registry.Approvals.Workers} approvals and {host.GetSnapshot().ActiveWorkers} workers were left");
    }

    private static async Task Check(EnclaveHost host, ToolSchedule schedule)
    {
        ExecutionResult? result = null;
        try
        {
            var options = new RunOptions
            {
                Context = schedule,
                Tenant = $"t{schedule.Seed % 3}",
                Timeout = schedule.End == ToolSchedule.Ending.OutOfTime ? TimeSpan.FromMilliseconds(60) : null,
            };
            result = await Within.Deadline(host.RunAsync(schedule.Script(), options, schedule.Token), $"answer of schedule {schedule.Seed}");
        }
        catch (OperationCanceledException) when (schedule.Token.IsCancellationRequested)
        {
        }

        CheckEnd(schedule, result);
        // Tools that obey their token end soon after the run. Nobody waits for the others.
        await Within.Becomes(() => schedule.Inside == schedule.Ignoring, $"only tools that ignore their token went on after schedule {schedule.Seed}");
        schedule.Release();
        await Within.Becomes(() => schedule.Inside == 0, $"all tools of schedule {schedule.Seed} had ended");
        Assert.All(schedule.Entered, (times) => Assert.InRange(times, 0, 1));
    }

    private static void CheckEnd(ToolSchedule schedule, ExecutionResult? result)
    {
        string seed = $"schedule {schedule.Seed}, {schedule.End}: {result?.Error?.Message}";
        switch (schedule.End)
        {
            case ToolSchedule.Ending.OutOfTime:
                Assert.True(result?.Error?.Code == ErrorCode.Timeout, seed);
                return;
            case ToolSchedule.Ending.Throwing:
                Assert.True(result?.Error?.Message == "end", seed);
                return;
            case ToolSchedule.Ending.CancelledByCaller when result is null:
                return;
        }

        Assert.True(result is { Success: true }, seed);
        var settled = new HashSet<int>();
        int admitted = 0;
        foreach (ScriptValue outcome in result.Value.Items)
        {
            var call = (int)outcome[0].AsDouble();
            string code = outcome[1].AsString();
            Assert.True(settled.Add(call), $"{seed}: call {call} settled twice");
            Assert.True(schedule.Expected(call).Contains(code), $"{seed}: call {call}, {schedule.Calls[call]}, settled with {code}");
            if (code == "ok") Assert.Equal(call, outcome[2].AsDouble());
            if (schedule.Calls[call].Tool == "few" && code is not ("TOOL_MAX_CALLS" or "TOOL_INVALID_ARGUMENTS")) admitted++;
        }

        Assert.True(admitted <= 2, $"{seed}: {admitted} calls of a tool that has two");
        if (schedule.End != ToolSchedule.Ending.WhenOneSettled && schedule.End != ToolSchedule.Ending.AtOnce)
            Assert.True(settled.Count == schedule.Calls.Count, $"{seed}: {settled.Count} of {schedule.Calls.Count} settled");
    }

    private static EnclaveOptions Options()
    {
        EnclaveOptions options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = WorkerPoolPresets.Standard with
            {
                MinWorkers = 3,
                MaxWorkers = 3,
                QueueTimeout = TimeSpan.FromMinutes(10),
                MaxExecutionsPerWorker = 1_000_000,
            },
            ApprovalTimeout = s_moment,
            MaxPendingApprovals = 2,
            OnToolApproval = (request) => ((ToolSchedule)request.Context.Context!).DecideAsync(request.Arguments["kind"].AsString(), request.CancellationToken),
        }.WithoutGuard();
        Add("free", new ToolOptions());
        Add("few", new ToolOptions { MaxCalls = 2 });
        Add("rated", new ToolOptions { RateLimit = new ToolRateLimit(5, s_moment) });
        Add("timed", new ToolOptions { Timeout = s_moment });
        Add("turns", new ToolOptions { Timeout = s_moment, MaxConcurrency = 2 });
        Add("asked", new ToolOptions { RequiresApproval = true });
        return options;

        void Add(string name, ToolOptions limits) =>
            options.Tools.Add(
                name, (Step step, ToolContext context, CancellationToken token) =>
                    ((ToolSchedule)context.Context!).RunAsync(step.Id, step.Kind, token), limits);
    }

    private sealed record Step(int Id, string Kind);
}

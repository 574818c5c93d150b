using System.Diagnostics;
using Enclave.Protocol;

namespace Enclave.LoadBench.Workloads;

/// <summary>W7, W11: a job that takes memory until something stops it, beside a neighbour that waits for a tool.</summary>
internal sealed class Bombs(Catalogue catalogue, BenchHosts hosts, BenchReport report)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_neighbourPatience = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _atGate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task MeasureAsync(string name)
    {
        BenchJob bomb = catalogue.Job(name), neighbour = catalogue.Neighbour(name);
        await using EnclaveHost host = hosts.Open(tools: GateAsync, scripts: Scripts.Unguarded);
        await host.WarmUpAsync();
        IReadOnlyList<WorkerMemory> workers = WorkerMemory.OfThisHost();
        double baseMiB = workers.Max((worker) => worker.PeakMiB());

        Task<ExecutionResult> beside = neighbour.RunAsync(host);
        await await Task.WhenAny(_atGate.Task, beside);
        using var sampler = new MemorySampler(workers);
        long start = Stopwatch.GetTimestamp();
        Task<ExecutionResult> answer = bomb.RunAsync(host);
        bool ended = await Task.WhenAny(answer, Task.Delay(s_patience)) == answer;
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        sampler.Dispose();
        _gate.TrySetResult();

        ExecutionResult? result = ended ? await answer : null;
        (string outcome, string note) = Judge(result);
        report.Outcome("outcome", outcome, note);
        report.Figure("time", time, "ms", 1);
        report.Outcome("neighbour", await FateAsync(neighbour, beside));
        // The host reads its own count from the dead process, so it includes the time after the last sample.
        double above = Math.Max(sampler.PeakMiB - baseMiB, (result?.Stats.PeakMemoryBytes ?? 0) / 1048576.0);
        report.Figure("peak", baseMiB + above, "MiB", 1, "of the worker's process");
        report.Figure("peak above base", above, "MiB", 1, $"base {baseMiB:0.0}: a worker that is ready");
    }

    private static (string Outcome, string Note) Judge(ExecutionResult? result) => result switch
    {
        null => ("never stops", $"no answer in {s_patience.TotalSeconds:0} s"),
        { Error: { } error } => ("stopped", $"{error.Code.ToCode()}: {error.Message.Split(". ")[0]}"),
        _ => ("not limited", "ran to its end"),
    };

    private static async Task<string> FateAsync(BenchJob neighbour, Task<ExecutionResult> beside)
    {
        try
        {
            neighbour.Check(await beside.WaitAsync(s_neighbourPatience));
            return "ok";
        }
        catch (Exception lost) when (lost is BenchException or TimeoutException)
        {
            return "lost";
        }
    }

    private async ValueTask<object?> GateAsync(string name, ScriptValue args, ToolContext context)
    {
        if (args["step"].AsDouble() == 2)
        {
            _atGate.TrySetResult();
            await _gate.Task;
        }

        return args;
    }
}

using System.Collections.Concurrent;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>A job has the same outcome in a worker that has served many jobs as in a fresh one. The order of jobs is random, by a seed.</summary>
public sealed class ResetTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    /// <summary>
    /// Heavy programs and cancels take milliseconds each. Of this many first jobs each may be one. Of later ones only a share is, or they would take nearly all
    /// of the time.
    /// </summary>
    private const int Early = 10_000;

    /// <summary>One job in this many is cancelled, among the first jobs and later.</summary>
    private const int CancelEveryEarly = 8, CancelEvery = 64;

    /// <summary>Later, one in this many heavy programs that were drawn runs.</summary>
    private const int HeavyEvery = 32;

    private const long HeavyMicroseconds = 5000;

    /// <summary>Programs that take longer might reach the limit of CPU time on a busy machine, and are left out.</summary>
    private const long TooNearMicroseconds = 250_000;

    /// <summary>Programs that reach this limit end their worker: nothing is reset after them, so they are left out.</summary>
    private static readonly RunLimits s_limits = ScriptJob.Usual with { TimeoutMicroseconds = 20_000_000, CpuMicroseconds = 1_000_000 };

    private static readonly Lazy<Task<(string Kind, ScriptJob Job)[]>> s_jobs = new(Jobs);

    private static readonly ConcurrentDictionary<(bool IsJitless, ScriptJob Job), (string? Outcome, bool IsHeavy)> s_fresh = new();

    [Theory]
    [InlineData("tracked", 200, 100_000)]
    [InlineData("tracked, jitless", 80, 25_000)]
    [InlineData("tracked, awaited", 80, 25_000)]
    [InlineData("copied", 100, 25_000)]
    [InlineData("copied, jitless", 80, 25_000)]
    public async Task Every_job_comes_to_what_it_comes_to_in_a_fresh_worker(string setup, int usual, int full)
    {
        if (setup != "tracked") TestedEngine.NeedsNative("forms of a reset: it has one, a new runtime for each job");
        (string Kind, ScriptJob Job)[] jobs = await s_jobs.Value;
        var random = new Random(Seed);
        var series = new JobSeries(WorkerSetup.Named(setup), random);
        bool jitless = setup.EndsWith("jitless", StringComparison.Ordinal);
        Dictionary<string, int> compared = jobs.Select((one) => one.Kind).Distinct().ToDictionary((kind) => kind, (_) => 0);
        HashSet<ScriptJob> unsteady = [];
        int done = 0, left = 0, count = TestSize.Of(usual, full);
        while (done < count)
        {
            bool early = done < Early;
            if (random.Next(early ? CancelEveryEarly : CancelEvery) == 0)
            {
                series.RunAndCancel(StatefulPrograms.Endless[random.Next(StatefulPrograms.Endless.Count)], s_limits);
                done++;
                continue;
            }

            (string kind, ScriptJob job) = jobs[random.Next(jobs.Length)];
            (string? expected, bool heavy) = Fresh(jitless, job);
            if (expected is null || unsteady.Contains(job) || (heavy && !early && random.Next(HeavyEvery) > 0))
            {
                left++;
                continue;
            }

            string got = series.Run(job);
            if (got == expected)
            {
                compared[kind]++;
                done++;
                continue;
            }

            // A program that comes to something else in another fresh worker proves nothing.
            if (RunFresh(jitless, job).Outcome != expected) unsteady.Add(job);
            else Assert.Fail($"seed {Seed}, after {series.Served} jobs in its process\n{job.Code}\nin a fresh worker:\n{expected}\nin this " +
                $"one:\n{got}\nbefore it:\n{series.Last}");
        }

        series.End();
        output.WriteLine($"answers compared: {string.Join(", ", compared.Select((kind) => $"{kind.Value} {kind.Key}"))}; {series.Cancelled} runs cancelled, " +
            $"{left} left out, {series.Workers} processes, {jobs.Length} programs");
        foreach (string missing in ProgramKinds.Missing) output.WriteLine($"missing: {missing}");
        foreach (ScriptJob job in unsteady) output.WriteLine($"not the same in two fresh workers: {job.Code[..Math.Min(job.Code.Length, 200)]}");
        Assert.Equal(1, series.Workers);
        Assert.True(unsteady.Count <= jobs.Length / 100, $"{unsteady.Count} of {jobs.Length} programs are not repeatable");
        if (TestSize.Full) Assert.DoesNotContain(compared, (kind) => kind.Value == 0);
    }

    /// <summary>Each has the same seed and time in every run. The code of some is cached.</summary>
    private static async Task<(string Kind, ScriptJob Job)[]> Jobs() => [.. (await ProgramKinds.All).Select((one, i) => (one.Kind, one.Job with
    {
        Limits = s_limits, Origin = RunOrigin.Of((ulong)i, 1_700_000_000_000), Key = i % 3 == 0 ? new((ulong)(i + 1)) : default,
    }))];

    /// <summary>Its outcome in a fresh worker. Null if the worker is unusable afterwards, or was nearly so: then nothing is reset.</summary>
    private static (string? Outcome, bool IsHeavy) Fresh(bool jitless, ScriptJob job) =>
        s_fresh.GetOrAdd((jitless, job), static (key) => RunFresh(key.IsJitless, key.Job));

    private static (string? Outcome, bool IsHeavy) RunFresh(bool jitless, ScriptJob job)
    {
        using LiveWorker worker = LiveWorker.Open(jitless ? WorkerSetup.Tracked.Jitless : WorkerSetup.Tracked);
        worker.Pipes.Patience = TimeSpan.FromSeconds(15);
        try
        {
            JobAnswer answer = worker.Run(job);
            bool repeats = answer.Usage.Ready > 0 && answer.Usage.CpuMicroseconds < TooNearMicroseconds;
            return (repeats ? answer.Outcome : null, answer.Usage.CpuMicroseconds > HeavyMicroseconds);
        }
        catch (TimeoutException)
        {
            // Inside V8's own code no limit stops it: the host kills such a worker.
            return default;
        }
        catch (WorkerEndedException end) when (end.ExitCode is >= 70 and <= 73)
        {
            return default;
        }
    }
}

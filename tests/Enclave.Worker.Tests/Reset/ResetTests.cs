using System.Collections.Concurrent;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>A job has the same outcome in a worker that has served many jobs as in a fresh one. The order of jobs is random, by a seed.</summary>
public sealed class ResetTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    /// <summary>
    /// This many jobs are of all kinds. Later ones are not heavy and not cancelled, since those take milliseconds each and nearly all of the time.
    /// </summary>
    private const int Early = 10_000;

    private const long HeavyMicroseconds = 5000;

    /// <summary>Programs that reach this limit end their worker: nothing is reset after them, so they are left out.</summary>
    private static readonly RunLimits s_limits = ScriptJob.Usual with { TimeoutMicroseconds = 20_000_000, CpuMicroseconds = 1_000_000 };

    private static readonly ScriptJob[] s_jobs = Jobs();

    private static readonly ConcurrentDictionary<(bool IsJitless, ScriptJob Job), (string? Outcome, bool IsHeavy)> s_fresh = new();

    [Theory]
    [InlineData("tracked", 2000, 800_000)]
    [InlineData("tracked, jitless", 600, 150_000)]
    [InlineData("copied", 400, 25_000)]
    [InlineData("copied, jitless", 300, 25_000)]
    public void Every_job_comes_to_what_it_comes_to_in_a_fresh_worker(string setup, int usual, int full)
    {
        var random = new Random(Seed);
        var series = new JobSeries(WorkerSetup.Named(setup), random);
        int compared = 0, left = 0, count = TestSize.Of(usual, full);
        while (compared + series.Cancelled < count)
        {
            bool early = compared + series.Cancelled < Early;
            if (random.Next(early ? 8 : 64) == 0)
            {
                series.RunAndCancel(StatefulPrograms.Endless[random.Next(StatefulPrograms.Endless.Count)], s_limits);
                continue;
            }

            ScriptJob job = s_jobs[random.Next(s_jobs.Length)];
            (string? expected, bool heavy) = Fresh(setup.EndsWith("jitless", StringComparison.Ordinal), job);
            if (expected is null || (heavy && !early))
            {
                left++;
                continue;
            }

            string got = series.Run(job);
            if (got != expected) Assert.Fail($"seed {Seed}, after {series.Served} jobs in its process\n{job.Code}\nin a fresh worker:\n{expected}\nin this " +
                $"one:\n{got}\nbefore it:\n{series.Last}");
            compared++;
        }

        series.End();
        output.WriteLine($"{compared} answers compared, {series.Cancelled} runs cancelled, {left} left out, {series.Workers} processes, " +
            $"{s_jobs.Length} programs{(RecordedPrograms.AreHere ? "" : $", none of them recorded: {RecordedPrograms.File} is not here")}");
        Assert.Equal(1, series.Workers);
    }

    /// <summary>The usual run takes a sample of the recorded programs: each needs a fresh worker for comparison.</summary>
    private static ScriptJob[] Jobs()
    {
        IEnumerable<ScriptJob> own = StatefulPrograms.Ending.Select((code) => new ScriptJob(code));
        ScriptJob[] recorded = RecordedPrograms.AreHere ? [.. RecordedPrograms.All()] : [];
        new Random(Seed).Shuffle(recorded);
        ScriptJob[] all = [.. own, .. recorded.Take(TestSize.Of(100, recorded.Length))];
        // The same seed and time for each run. The code of some is cached.
        return [.. all.Select((job, i) => job with
        {
            Limits = s_limits, Origin = RunOrigin.Of((ulong)i, 1_700_000_000_000), Key = i % 3 == 0 ? new((UInt128)(i + 1)) : default,
        })];
    }

    /// <summary>Its outcome in a fresh worker. Null if the worker is unusable afterwards: then nothing is reset.</summary>
    private static (string? Outcome, bool IsHeavy) Fresh(bool jitless, ScriptJob job) => s_fresh.GetOrAdd((jitless, job), (_) =>
    {
        using LiveWorker worker = LiveWorker.Open(jitless ? WorkerSetup.Tracked.Jitless : WorkerSetup.Tracked);
        worker.Pipes.Patience = TimeSpan.FromSeconds(15);
        try
        {
            JobAnswer answer = worker.Run(job);
            return (answer.Usage.Ready > 0 ? answer.Outcome : null, answer.Usage.CpuMicroseconds > HeavyMicroseconds);
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
    });
}

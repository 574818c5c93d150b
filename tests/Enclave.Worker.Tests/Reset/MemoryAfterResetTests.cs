using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>After every reset the worker's memory equals that after the first reset, byte for byte.</summary>
public sealed class MemoryAfterResetTests(ITestOutputHelper output)
{
    private const int Seed = 19;
    private const long LeastBytes = 4 << 20, LeastGivenBack = 100 << 10;

    private static readonly RunLimits s_limits = ScriptJob.Usual with { TimeoutMicroseconds = 20_000_000, CpuMicroseconds = 5_000_000 };

    [Theory]
    [InlineData("tracked", 60, 5000)]
    [InlineData("tracked, jitless", 30, 2000)]
    [InlineData("tracked, awaited", 30, 2000)]
    [InlineData("copied", 30, 2000)]
    [InlineData("copied, jitless", 20, 1000)]
    public void Nothing_differs(string setup, int usual, int full)
    {
        TestedEngine.NeedsNative("memory after a job equals that before it, byte for byte");
        Inspection.Need();
        var random = new Random(Seed);
        var series = new JobSeries(WorkerSetup.Named(setup), random);
        int compared = 0;
        MemoryImage? first = null;
        for (int i = 0; i < TestSize.Of(usual, full); i++)
        {
            string code = Pick(random, out bool ends);
            // 16, 64 and 256 MB: each run moves the limit of the one isolate.
            RunLimits limits = s_limits with { MemoryBytes = (16L << 20) << (2 * (i % 3)) };
            if (ends) series.Run(new ScriptJob(code) { Limits = limits });
            else series.RunAndCancel(code, limits);
            if (series.Worker is not { } worker) first = null;
            else
            {
                worker.AwaitReset();
                if (first is null) first = MemoryImage.Take(worker.Pid);
                else if (first.Difference() is { } difference) Assert.Fail($"job {i} of seed {Seed}, {series.Served} in its process:\n{code}\n{difference}");
                else compared++;
            }
        }

        output.WriteLine($"{compared} comparisons of {first?.Bytes >> 10} KB, {series.Workers} processes");
        Assert.True(first?.Bytes > LeastBytes, "there was little to compare");
        series.End();
    }

    [Fact]
    public void Changes_of_a_job_are_seen_while_it_runs()
    {
        TestedEngine.NeedsNative("memory after a job equals that before it, byte for byte");
        Inspection.Need();
        using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
        worker.Run(new ScriptJob("return 1"));
        worker.AwaitReset();
        MemoryImage before = MemoryImage.Take(worker.Pid);

        worker.Begin(new ScriptJob("Array.prototype.leak = 1; await callTool('never', {})"));
        worker.Expect(FrameType.ToolCall);

        Assert.NotNull(before.Difference());
    }

    [Fact]
    public void A_run_that_waits_gives_back_what_it_does_not_use_and_goes_on()
    {
        TestedEngine.NeedsNative("a run that waits gives back memory");
        Inspection.Need();
        const string Code =
            """
            const deep = (n) => n === 0 ? [] : [n, ...deep(n - 1)];
            const before = deep(500).map((n) => ({ n, text: 'v' + n }));
            await callTool('wait', {});
            const after = deep(500).map((n) => ({ n, text: 'v' + n }));
            return JSON.stringify(before) === JSON.stringify(after) ? before.length : -1;
            """;
        using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
        worker.Run(new ScriptJob("return 1"));
        worker.AwaitReset();
        MemoryImage first = MemoryImage.Take(worker.Pid);

        for (int i = 0; i < 3; i++)
        {
            long resident = 0;
            JobAnswer answer = worker.Run(new ScriptJob(Code), (_) =>
            {
                resident = worker.ResidentBytes;
                Assert.True(SpinWait.SpinUntil(() => worker.ResidentBytes < resident - LeastGivenBack, TimeSpan.FromSeconds(60)), "nothing was given back");
                return ToolReply.Value(null);
            });
            Assert.Equal("500", answer.Json);
            worker.AwaitReset();
            Assert.Null(first.Difference());
        }
    }

    private static string Pick(Random random, out bool ends)
    {
        ends = random.Next(4) > 0;
        IReadOnlyList<string> programs = ends ? StatefulPrograms.Ending : StatefulPrograms.Endless;
        return programs[random.Next(programs.Count)];
    }
}

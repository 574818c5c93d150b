using System.Collections.Concurrent;
using Enclave.Attacks.Tests.Escapes;
using Enclave.Guard.Tests.Transforms;
using Enclave.Tests;
using Enclave.Worker.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A run comes to the same in a jailed worker that has served many others as in one that has served none.</summary>
/// <remarks>Each program is recorded in a new worker of its own, then repeated with the same seed and clock. The order is random, by a seed.</remarks>
public sealed class RepeatedRunTests(ITestOutputHelper output)
{
    private const int Seed = 20261123;

    [Theory]
    [InlineData(SecurityLevel.Strict, 80, 5_000)]
    [InlineData(SecurityLevel.Standard, 150, 15_000)]
    public async Task T1_A_run_comes_to_what_it_comes_to_in_a_new_worker(SecurityLevel level, int usual, int full)
    {
        var random = new Random(Seed);
        var told = new ConcurrentQueue<SecurityEvent>();
        await using EnclaveHost fresh = Host(level, 1, told), used = Host(level, 1_000_000, told);
        ExecutionRecording[] recordings = await RecordAsync(fresh, Programs(random));

        int count = TestSize.Of(usual, full);
        var last = new Queue<string>();
        for (int i = 0; i < count; i++)
        {
            ExecutionRecording recording = recordings[random.Next(recordings.Length)];
            ReplayReport report = await Within.Deadline(used.ReplayAsync(recording), "replay");
            Assert.True(report.Matches, $"run {i}: {report.Difference}\n{recording.Code}\nbefore it:\n{string.Join("\n--\n", last)}");
            last.Enqueue(recording.Code);
            if (last.Count > 5) last.Dequeue();
        }

        long workers = used.GetSnapshot().Recycled + 1;
        output.WriteLine($"{recordings.Length} programs, {count} runs repeated in {workers} workers");
        Assert.Empty(told);
        Assert.True(workers <= Math.Max(2, count / 20), $"{count} runs took {workers} workers");
    }

    /// <summary>Those that come to the same in two new workers.</summary>
    private static async Task<ExecutionRecording[]> RecordAsync(EnclaveHost fresh, string[] programs)
    {
        List<ExecutionRecording> recordings = [];
        foreach (string program in programs)
        {
            ExecutionResult result = await Within.Deadline(fresh.RunAsync(program, new RunOptions { Record = true }), "answer");
            // A worker whose run reached a limit is replaced: nothing is reset after it.
            if (!result.Success && result.Error!.Code is not (ErrorCode.RuntimeError or ErrorCode.ToolError)) continue;
            if (result.Recording is { } recording && (await Within.Deadline(fresh.ReplayAsync(recording), "replay")).Matches) recordings.Add(recording);
        }

        Assert.True(recordings.Count > programs.Length * 3 / 4, $"{recordings.Count} of {programs.Length} programs come to the same in two new workers");
        return [.. recordings];
    }

    private static string[] Programs(Random random)
    {
        var maker = new ProgramMaker(random, ["x", "y", "con", "z", "", "0"]);
        string[] attacks = [.. EscapeTable.All.Select((attack) => attack.Code)];
        random.Shuffle(attacks);
        return
        [
            .. StatefulPrograms.Ending,
            .. attacks.Take(TestSize.Of(10, attacks.Length)),
            .. Enumerable.Range(0, TestSize.Of(10, 200)).Select((_) => maker.Next()),
        ];
    }

    private static EnclaveHost Host(SecurityLevel level, int executions, ConcurrentQueue<SecurityEvent> told) => new(
        new EnclaveOptions
        {
            SecurityLevel = level,
            Adapter = EnclaveAdapter.WorkerPool,
            Timeout = TimeSpan.FromSeconds(20),
            ResetComparison = ResetComparison.EveryRun,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, MaxExecutionsPerWorker = executions },
            OnSecurityEvent = told.Enqueue,
        }.WithoutGuard());
}

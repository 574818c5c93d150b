using System.Buffers.Binary;
using System.Globalization;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>A run that leaves its worker while it waits, and comes back, comes to what it comes to in a worker of its own.</summary>
public sealed class ParkingTests(ITestOutputHelper output)
{
    private const int Seed = 35;
    private const long TooNearMicroseconds = 250_000;

    private static readonly RunLimits s_limits = ScriptJob.Usual with { TimeoutMicroseconds = 20_000_000, CpuMicroseconds = 2_000_000 };

    [Theory]
    [InlineData("tracked", 60, 1000)]
    [InlineData("tracked, jitless", 30, 300)]
    [InlineData("copied", 30, 300)]
    public async Task Every_program_goes_on_where_it_was(string setup, int usual, int full)
    {
        TestedEngine.NeedsNative("runs leave their workers while they wait");
        ScriptJob[] jobs = [.. (await ProgramKinds.All).Select((one, i) => one.Job with
        {
            // Traces of the program are there while it waits.
            Code = $"const r = await (async () => {{\n{one.Job.Code}\n}})();\nawait callTool('leave', {{}});\nreturn r;",
            Limits = s_limits,
            Origin = RunOrigin.Of((ulong)i, 1_700_000_000_000),
        })];
        var random = new Random(Seed);
        var named = WorkerSetup.Named(setup);
        LiveWorker worker = LiveWorker.Open(named);
        int left = 0, stayed = 0, largest = 0, compared = 0, workers = 1;
        for (int i = 0; i < TestSize.Of(usual, full); i++)
        {
            ScriptJob job = jobs[random.Next(jobs.Length)];
            if (Alone(named, job) is not { } expected) continue;
            LiveWorker here = worker;
            var run = new ParkedRun(here, () => here.Run(new ScriptJob(StatefulPrograms.Ending[random.Next(8)])));
            JobAnswer got = run.Run(job, Reply);
            if (got.Outcome != expected && Alone(named, job) == expected)
                Assert.Fail($"run {i} of seed {Seed}\n{job.Code}\nalone:\n{expected}\nparked {run.Left} times:\n{got.Outcome}");
            compared++;
            (left, stayed, largest) = (left + run.Left, stayed + run.Stayed, Math.Max(largest, run.Largest));
            if (got.Usage.Ready > 0) continue;
            worker.Dispose();
            worker = LiveWorker.Open(named);
            workers++;
        }

        worker.Dispose();
        output.WriteLine($"{compared} programs, {workers} processes: left {left} times, stayed {stayed}, the largest state {largest >> 10} KB");
        Assert.True(left > compared / 2, $"only {left} of {compared} programs left their worker");
    }

    [Fact]
    public void A_state_of_another_nursery_ends_the_worker()
    {
        TestedEngine.NeedsNative("runs leave their workers while they wait");
        using LiveWorker one = LiveWorker.Open(WorkerSetup.Tracked), other = LiveWorker.Open(WorkerSetup.Tracked);

        other.Send(new UnparkMessage(1, 1_000_000, StateOf(one)).Write);

        Assert.Equal((int)WorkerExit.Protocol, other.ExitCode);
    }

    /// <summary>The stack, code of a file, and memory that is not mapped are no memory of a run.</summary>
    [Theory]
    [InlineData("[stack]")]
    [InlineData("/node")]
    [InlineData("nothing")]
    public void A_state_that_names_other_memory_ends_the_worker(string where)
    {
        TestedEngine.NeedsNative("runs leave their workers while they wait");
        Inspection.Need();
        using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
        byte[] state = StateOf(worker);
        string? mapping = File.ReadLines($"/proc/{worker.Pid}/maps").FirstOrDefault((line) => line.EndsWith(where, StringComparison.Ordinal));
        ulong address = mapping is null ? 0x1000 : ulong.Parse(mapping[..mapping.IndexOf('-', StringComparison.Ordinal)], NumberStyles.HexNumber, null);
        byte[] piece = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(piece, address);
        BinaryPrimitives.WriteUInt64LittleEndian(piece.AsSpan(8), 1);

        worker.Send(new UnparkMessage(1, 1_000_000, (byte[])[.. state, .. piece]).Write);

        Assert.Equal((int)WorkerExit.Protocol, worker.ExitCode);
    }

    [Fact]
    public void A_state_that_is_cut_ends_the_worker()
    {
        TestedEngine.NeedsNative("runs leave their workers while they wait");
        foreach (int cut in (int[])[1, 8, 1000])
        {
            using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
            byte[] state = StateOf(worker);
            worker.Send(new UnparkMessage(1, 1_000_000, state.AsMemory(0, cut == 1000 ? 100 : state.Length - cut)).Write);
            Assert.Equal((int)WorkerExit.Protocol, worker.ExitCode);
        }
    }

    private static byte[] StateOf(LiveWorker worker)
    {
        ulong id = worker.Begin(new ScriptJob("return await callTool('leave', {})"));
        worker.Expect(FrameType.ToolCall);
        worker.Send(new ParkMessage(id).Write);
        return ParkedMessage.Read(worker.Expect(FrameType.Parked)).State.ToArray();
    }

    private static ToolReply Reply(CalledTool call) => ToolReply.Value(call.Name == "leave" ? null : call.Id);

    /// <summary>Its outcome in a worker of its own; null if that is near a limit, or ends the worker.</summary>
    private static string? Alone(WorkerSetup setup, ScriptJob job)
    {
        using LiveWorker worker = LiveWorker.Open(setup);
        worker.Pipes.Patience = TimeSpan.FromSeconds(15);
        try
        {
            JobAnswer answer = worker.Run(job, Reply);
            return answer.Usage.Ready > 0 && answer.Usage.CpuMicroseconds < TooNearMicroseconds ? answer.Outcome : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (WorkerEndedException end) when (end.ExitCode is >= 70 and <= 73)
        {
            return null;
        }
    }
}

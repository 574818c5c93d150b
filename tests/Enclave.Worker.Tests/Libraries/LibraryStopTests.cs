using System.Globalization;
using System.Text;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>The clock's signal ends the evaluation of a library at any moment: while V8 compiles it, allocates, collects garbage or runs it.</summary>
public sealed class LibraryStopTests(ITestOutputHelper output)
{
    private const int Seed = 11;

    /// <summary>A few functions, objects and buffers: some milliseconds of compiling, and as many of running.</summary>
    private static readonly string s_source = Source(functions: 1_500);

    [Fact]
    public void A_worker_reports_the_end_or_becomes_ready_whenever_the_signal_comes()
    {
        var random = new Random(Seed);
        int ready = 0, stopped = 0;
        for (int i = 0; i < TestSize.Of(60, 2_000); i++)
        {
            // Each order of magnitude as often: the parts that take long are hit, and those that do not. The longest is enough on a busy machine, too.
            // The portable worker counts the CPU time of its process, .NET's own included.
            long cpu = (long)Math.Pow(10, (TestedEngine.IsPortable ? 2.5 : 1.5) + (random.NextDouble() * 4.7));
            WorkerSetup setup = WorkerSetup.Tracked with
            {
                Hello = WorkerSetup.Tracked.Hello with { Libraries = new LibraryPlan(1, cpu, 64 << 20) },
            };
            using LiveWorker worker = LiveWorker.Start(setup);
            worker.Send(setup.Hello.Write);
            worker.Send((frames) => LibraryMessage.Write(frames, "lib", s_source));
            Frame frame = worker.Pipes.Next() ?? throw new WorkerEndedException(worker.ExitCode, $"{worker.End()}; CPU limit {cpu} µs, run {i}");
            if (frame.Type == FrameType.Ready) ready++;
            else
            {
                LibraryFaultMessage fault = LibraryFaultMessage.Read(frame.Body);
                Assert.True(fault.Stop is StopReason.Cpu or StopReason.Deadline, $"{fault.Stop} with a CPU limit of {cpu} µs, run {i}");
                stopped++;
            }
        }

        output.WriteLine($"{ready} became ready, {stopped} were stopped");
        Assert.True(ready > 0 && stopped > 0, $"{ready} became ready, {stopped} were stopped");
    }

    private static string Source(int functions)
    {
        var text = new StringBuilder("const all = [];\n");
        for (int i = 0; i < functions; i++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"all.push(function f{i}(a, b) {{ const o = {{ x{i}: a, y: [b, {i}] }}; return o.x{i} + o.y.length; }});\n");
        }

        text.Append("const kept = []; for (let i = 0; i < 400; i++) kept.push(new Uint8Array(4096), { i, s: String(i).repeat(9) });\n");
        text.Append("exports.sum = all.reduce((sum, f, i) => sum + f(i, kept.length), 0);");
        return text.ToString();
    }
}

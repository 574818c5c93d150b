using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>
/// Valid frames with random damage, by a seed. If the host's own readers accept a frame, the worker answers it. Otherwise it exits with its own code.
/// </summary>
public sealed class FrameFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 75;

    [Fact]
    public void Broken_bodies_are_read_as_the_host_reads_them()
    {
        var random = new Random(Seed);
        using var reading = new StrictReading();
        (Stage Stage, FrameType Type, byte[] Body)[] frames = [.. ValidFrames.All.Values];
        for (int i = 0; i < TestSize.Of(100, 3000); i++)
        {
            (Stage stage, FrameType type, byte[] body) = frames[random.Next(frames.Length)];
            reading.Check(stage, type, ByteMutation.Of(body, random));
        }

        output.WriteLine($"{reading.Taken} taken, {reading.RefusedOnes} refused");
    }

    [Fact]
    public void Broken_hellos_start_a_worker_or_are_refused()
    {
        var random = new Random(Seed);
        byte[] body = ValidFrames.BodyOf(WorkerSetup.Tracked.Hello.Write);
        for (int i = 0; i < TestSize.Of(60, 3000); i++)
        {
            byte[] broken = i == 0 ? body : ByteMutation.Of(body, random);
            HelloMessage? read = null;
            bool reads = StrictReading.Reads(() => read = HelloMessage.Read(broken));
            // A lock that ends the process is a valid request of the host.
            if (read is { Lock.Layers: not LockLayers.None }) continue;
            using LiveWorker worker = LiveWorker.Start(WorkerSetup.Tracked);
            worker.Pipes.Send(FrameBytes.Raw(FrameType.Hello, broken));
            string what = $"hello {i}: {Convert.ToHexString(broken)}";
            if (worker.Pipes.Next() is { } frame)
            {
                Assert.True(reads, $"{what} was taken");
                Assert.Equal(FrameType.Ready, frame.Type);
            }
            else
            {
                // A heap too small for V8 to start is out of memory.
                int exit = worker.ExitCode;
                Assert.True(reads ? exit is 70 or 71 or 73 or 74 && read!.HeapLimit < 8 << 20 : exit == 75, $"{what}: {worker.End()}");
            }
        }
    }

    [Fact]
    public void Broken_streams_end_a_worker_in_order()
    {
        var random = new Random(Seed);
        byte[] stream =
        [
            .. ValidFrames.All.Values.Where((one) => one.Stage == Stage.BetweenJobs && one.Type != FrameType.Shutdown)
            .SelectMany((one) => FrameBytes.Raw(one.Type, one.Body)),
            .. FrameBytes.Of((frames) => new ScriptJob("return await callTool('t', { a: 1 })").Write(frames, StrictReading.Job)),
            .. ValidFrames.All.Values.Where((one) => one.Stage == Stage.WaitingForATool).SelectMany((one) => FrameBytes.Raw(one.Type, one.Body)),
        ];
        for (int i = 0; i < TestSize.Of(60, 3000); i++)
        {
            byte[] broken = ByteMutation.Of(stream, random);
            using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
            worker.Pipes.Send(broken);
            worker.Pipes.CloseInput();
            while (worker.Pipes.Next() is not null) { }
            Assert.True(worker.ExitCode is 0 or 75 or 76 or 70 or 71, $"stream {i}: {worker.End()} for {Convert.ToHexString(broken)}");
        }
    }
}

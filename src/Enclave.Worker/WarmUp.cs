using System.Buffers;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Worker.Jobs;
using Enclave.Worker.Pipes;

namespace Enclave.Worker;

/// <summary>One job of our own before the first real one, so that C# and V8 have run every step of it once. Its isolate is thrown away as any other.</summary>
internal static class WarmUp
{
    private const string Program = """
        console.log('warm', { a: 1 });
        const r = await callTool('warm', { a: [1, 'x', { b: 2.5 }] });
        const s = JSON.parse(JSON.stringify(r));
        try { await callTool('warm'); } catch (e) { console.log(e.message); }
        return [s, args].map((x) => ({ x })).filter((x) => x.y());
        """;

    public static void Run(FramePipe pipe, JobRunner runner, Outbox outbox, long heapLimit)
    {
        var globals = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(globals);
        writer.WriteMapHeader(1);
        writer.WriteString("args");
        writer.WriteArrayHeader(1);
        writer.WriteInt64(1);
        outbox.Silence = true;
        // To its error, to its value, and into its deadline: a stopped worker dies, so each would otherwise compile that path for its last answer.
        foreach (string program in (string[])[Program, Program.Replace(".y()", "", StringComparison.Ordinal)])
        {
            Inject(pipe, (frames) => ToolResultMessage.WriteValue(frames, 0, 1, globals.WrittenSpan));
            Inject(pipe, (frames) => ToolResultMessage.WriteError(frames, 0, 2, "Error", "warm", null));
            Run(runner, program, Limits(heapLimit), globals.WrittenMemory);
        }

        Run(runner, "for (;;) {}", Limits(heapLimit) with { TimeoutMicroseconds = 100 }, globals.WrittenMemory);
        outbox.Silence = false;
    }

    private static void Run(JobRunner runner, string program, RunLimits limits, ReadOnlyMemory<byte> globals)
    {
        OwnedFrame execute = Encode((frames) => ExecuteMessage.Write(frames, 0, program, "warm-up", limits, globals.Span));
        runner.Run(ExecuteMessage.Read(execute.Body));
    }

    private static void Inject(FramePipe pipe, Action<FrameBuffer> write) => pipe.Inject(Encode(write));

    private static OwnedFrame Encode(Action<FrameBuffer> write)
    {
        var frames = new FrameBuffer();
        write(frames);
        var reader = new FrameReader(64 * 1024);
        frames.Written.CopyTo(reader.FreeSpace().Span);
        reader.Advance(frames.Length);
        reader.TryRead(out Frame frame);
        return new OwnedFrame(frame.Type, frame.Body.ToArray());
    }

    private static RunLimits Limits(long heapLimit) => new()
    {
        TimeoutMicroseconds = 2_000_000,
        CpuMicroseconds = 2_000_000,
        MemoryBytes = heapLimit,
        MaxToolCalls = 2,
        MaxPendingToolCalls = 2,
        MaxIterations = 1,
        MaxConsoleCalls = 10,
        MaxConsoleBytes = 1024,
        MaxValueDepth = 20,
        MaxValueProperties = 100,
        MaxValueBytes = 4096,
    };
}

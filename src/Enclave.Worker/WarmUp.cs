using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Worker.Jobs;
using Enclave.Worker.Pipes;

namespace Enclave.Worker;

/// <summary>
/// Jobs of our own before the first real one, so that C# and V8 have run every step once. It saves the first job time, and a locked worker can neither load
/// an assembly nor, at STRICT, compile a method. Their isolates are thrown away as any other.
/// </summary>
internal static class WarmUp
{
    private const string ToError = """
        console.log('warm', { a: 1 });
        const r = await callTool('warm', { a: [1, 'x', { b: 2.5 }] });
        const s = JSON.parse(JSON.stringify(r));
        try { await callTool('warm'); } catch (e) { console.log(e.message); }
        return [s, args].map((x) => ({ x })).filter((x) => x.y());
        """;

    /// <summary>The ways a run ends that need no answer: a value that cannot cross, no program, each limit.</summary>
    private static readonly string[] s_endings =
    [
        "return () => 1", "}", "throw new Error('warm')", "console.log('x'.repeat(5000))", "callTool('a'); callTool('a'); callTool('a')",
        "for (let i = 0; i < 99; i++) console.log('x')",
    ];

    public static void Run(FramePipe pipe, JobRunner runner, Outbox outbox, long heapLimit)
    {
        byte[] globals = Globals();
        RunLimits limits = Limits(heapLimit);
        foreach (string program in (string[])[ToError, ToError.Replace(".y()", "", StringComparison.Ordinal)])
        {
            Inject(pipe, new DeadlineMessage(0, 2_000_000).Write);
            Inject(pipe, (frames) => ToolResultMessage.WriteValue(frames, 0, 1, globals));
            Inject(pipe, (frames) => ToolResultMessage.WriteError(frames, 0, 2, "Error", "warm", null));
            // As a program that comes again: no key that a host makes is so small.
            Run(runner, program, limits, globals, key: new CodeKey((UInt128)program.Length));
        }

        Inject(pipe, (frames) => ToolResultMessage.WriteValue(frames, 0, 1, globals, 1));
        Inject(pipe, (frames) => ToolResultMessage.WriteError(frames, 0, 2, "Error", "warm", null, 2));
        Run(runner, "Math.random() + Date.now();" + ToError, limits, globals, RunOrigin.Of(1, 1));
        foreach (string program in s_endings) Run(runner, program, limits, globals);
        Run(runner, "for (;;) {}", limits with { TimeoutMicroseconds = 100 }, globals);
        Run(runner, "await callTool('never')", limits with { TimeoutMicroseconds = 100 }, globals);
        Inject(pipe, new CancelMessage(0).Write);
        Run(runner, "await callTool('never')", limits, globals);
        outbox.Send(new PongMessage(PingMessage.Read(Encode(new PingMessage(1).Write).Body).Token).Write);
        Fail();
        // The collector looks at the machine's memory when it first runs, and what it calls afterwards (the array pool tidies up) runs on a thread of its own,
        // which sets its priority when it wakes for the first time.
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>Through the one kind of buffer that jobs use: a second kind would have .NET write code for both wherever either may come.</summary>
    private static byte[] Globals()
    {
        var buffer = new FrameBuffer();
        var writer = new MessagePackWriter(buffer);
        writer.WriteMapHeader(1);
        writer.WriteString("args");
        writer.WriteArrayHeader(1);
        writer.WriteInt64(1);
        return buffer.Written.ToArray();
    }

    /// <summary>Throws and catches: unwinding needs more of the runtime than all the rest.</summary>
    private static void Fail()
    {
        try
        {
            ExecuteMessage.Read(new byte[] { 0xc1 });
        }
        catch (ProtocolException)
        {
        }
    }

    private static void Run(JobRunner runner, string program, RunLimits limits, ReadOnlyMemory<byte> globals, RunOrigin origin = default, CodeKey key = default)
    {
        OwnedFrame execute = Encode((frames) => ExecuteMessage.Write(frames, 0, program, "warm-up", limits, globals.Span, origin, key));
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

using System.Text;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>Runs a short ordinary program before the first job, so that .NET has compiled what a job needs. Its output is not sent.</summary>
internal static class WarmUp
{
    private const string Program = """
        console.log('warm', { a: 1 }, new Error('warm').stack);
        const rows = args.map((x, i) => ({ x, i, at: new Date(0), big: 5n, name: `n${i}`, bytes: new Uint8Array([1, 2]), part: x / 3 + Math.random() }));
        try { await Promise.reject(new Error('warm')); } catch {}
        const answer = await callTool('warm', { rows });
        return { rows, text: 'ä', answer };
        """;

    private static readonly byte[] s_globals = [0x81, 0xa4, .. "args"u8, 0x92, 1, 0xa1, (byte)'x'];

    // A slow disk may make it long. The host's own limit is that of the start.
    private static readonly RunLimits s_limits = new()
    {
        TimeoutMicroseconds = 60_000_000,
        CpuMicroseconds = 60_000_000,
        MemoryBytes = 64 << 20,
        MaxToolCalls = 1,
        MaxPendingToolCalls = 1,
        MaxIterations = 1000,
        MaxConsoleCalls = 1,
        MaxConsoleBytes = 1024,
        MaxValueDepth = 20,
        MaxValueProperties = 100,
        MaxValueBytes = 4096,
    };

    public static void Run(ScriptRuntime runtime, ScriptClock clock, FrameInput input)
    {
        var message = new ExecuteMessage(0, Encoding.UTF8.GetBytes(Program), Encoding.UTF8.GetBytes("warm-up"), s_limits, s_globals);
        var frames = new FrameBuffer();
        ToolResultMessage.WriteValue(frames, 0, 1, s_globals);
        input.Inject(FrameType.ToolResult, frames.Written[FrameHeader.Size..].ToArray());
        clock.Begin(null, s_limits.TimeoutMicroseconds, s_limits.CpuMicroseconds);
        new Job(runtime, clock, input, new FrameOutput(Stream.Null), message).Execute();
    }
}

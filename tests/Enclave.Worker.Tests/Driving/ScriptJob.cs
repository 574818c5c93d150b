using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Worker.Tests;

/// <summary>A program with its settings.</summary>
internal sealed record ScriptJob(string Code)
{
    private static readonly byte[] s_noGlobals = [0x80];

    /// <summary>Limits that no test reaches by accident.</summary>
    public static RunLimits Usual { get; } = new()
    {
        TimeoutMicroseconds = 60_000_000,
        CpuMicroseconds = 60_000_000,
        MemoryBytes = 64 << 20,
        MaxToolCalls = 100,
        MaxPendingToolCalls = 100,
        MaxIterations = 1_000_000_000,
        MaxConsoleCalls = 1000,
        MaxConsoleBytes = 1 << 20,
        MaxValueDepth = 50,
        MaxValueProperties = 100_000,
        MaxValueBytes = 1 << 20,
    };

    /// <summary>Any value that becomes a map.</summary>
    public object? Globals { get; init; }

    public RunLimits Limits { get; init; } = Usual;

    public RunOrigin Origin { get; init; }

    public CodeKey Key { get; init; }

    public void Write(FrameBuffer frames, ulong id) =>
        ExecuteMessage.Write(
            frames, id, Code, "script.js", Limits, Globals is null ? s_noGlobals : ScriptValueCodec.Encode(ScriptValue.From(Globals)), Origin, Key);
}

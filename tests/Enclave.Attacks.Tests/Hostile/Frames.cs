using System.Buffers.Binary;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Attacks.Tests;

/// <summary>Valid and invalid frames as bytes.</summary>
internal static class Frames
{
    /// <summary>Limits that these tests never reach by accident.</summary>
    public static RunLimits Limits { get; } = new()
    {
        TimeoutMicroseconds = 1_000_000,
        CpuMicroseconds = 1_000_000,
        MemoryBytes = 1 << 26,
        MaxToolCalls = 10,
        MaxPendingToolCalls = 10,
        MaxIterations = 100,
        MaxConsoleCalls = 100,
        MaxConsoleBytes = 100_000,
        MaxValueDepth = 50,
        MaxValueProperties = 1000,
        MaxValueBytes = 1 << 20,
    };

    public static byte[] Of(Action<FrameBuffer> write)
    {
        var frames = new FrameBuffer();
        write(frames);
        byte[] bytes = frames.Written.ToArray();
        frames.Release();
        return bytes;
    }

    /// <summary>Any body under a valid header.</summary>
    public static byte[] Raw(FrameType type, ReadOnlySpan<byte> body)
    {
        byte[] bytes = new byte[FrameHeader.Size + body.Length];
        new FrameHeader(type, body.Length).Write(bytes);
        body.CopyTo(bytes.AsSpan(FrameHeader.Size));
        return bytes;
    }

    /// <summary>A header alone, with any length.</summary>
    public static byte[] Header(FrameType type, uint length)
    {
        byte[] bytes = Raw(type, []);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), length);
        return bytes;
    }

    public static byte[] Result(ulong job, object? value, RunUsage? usage = null) => ResultOf(job, ScriptValueCodec.Encode(ScriptValue.From(value)), usage);

    /// <summary>A success with these bytes as its value.</summary>
    public static byte[] ResultOf(ulong job, ReadOnlySpan<byte> payload, RunUsage? usage = null)
    {
        byte[] copy = payload.ToArray();
        return Of((frames) => ResultMessage.Write(frames, job, RunStatus.Value, copy, usage ?? new RunUsage(0, 0, 0, Ready: 1, 0)));
    }

    public static byte[] Console(ulong job, params string[] lines) => Of((frames) =>
    {
        ConsoleMessage.Begin(frames, job, lines.Length);
        foreach (string line in lines) ConsoleMessage.WriteLine(frames, 0, System.Text.Encoding.UTF8.GetBytes(line));
        frames.EndFrame();
    });

    public static byte[] ToolCall(ulong job, uint call, string name = "echo") =>
        Of((frames) => ToolCallMessage.Write(frames, job, call, System.Text.Encoding.UTF8.GetBytes(name), [0x80]));

    /// <summary>A body of fields written one by one.</summary>
    public static byte[] Body(FrameType type, Action<FrameBuffer> fields) => Of((frames) =>
    {
        frames.BeginFrame(type);
        fields(frames);
        frames.EndFrame();
    });

    /// <summary>A result frame with these bytes in the place of its fields.</summary>
    public static byte[] ResultFields(params byte[] fields) => Raw(FrameType.Result, fields);

    public static MessagePackWriter Writer(FrameBuffer frames) => new(frames);
}

using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker: run this program in an isolate that never ran anything.</summary>
/// <param name="Globals">A MessagePack map of the globals, as values (docs/values.md).</param>
internal readonly record struct ExecuteMessage(
    ulong JobId, ReadOnlyMemory<byte> Source, ReadOnlyMemory<byte> SourceName, RunLimits Limits, ReadOnlyMemory<byte> Globals)
{
    public static void Write(FrameBuffer frames, ulong jobId, ReadOnlySpan<char> source, ReadOnlySpan<char> sourceName, RunLimits limits, ReadOnlySpan<byte> globals)
    {
        frames.BeginFrame(FrameType.Execute);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(5);
        writer.WriteUInt64(jobId);
        writer.WriteString(source);
        writer.WriteString(sourceName);
        limits.Write(ref writer);
        writer.WriteRaw(globals);
        frames.EndFrame();
    }

    public static ExecuteMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(5);
        ulong jobId = reader.ReadUInt64();
        ReadOnlyMemory<byte> source = reader.ReadStringMemory(body, body.Length);
        ReadOnlyMemory<byte> name = reader.ReadStringMemory(body, MessageLimits.SourceNameBytes);
        RunLimits limits = RunLimits.Read(ref reader);
        ReadOnlyMemory<byte> globals = reader.ReadRawMemory(body);
        reader.ExpectEnd();
        return new ExecuteMessage(jobId, source, name, limits, globals);
    }
}

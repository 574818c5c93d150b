using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Host to worker: run this program in an isolate that never ran anything.</summary>
/// <param name="Globals">A MessagePack map of the globals, as values (docs/values.md).</param>
/// <param name="Origin">Its randomness and time, if they are not the machine's. An optional last field.</param>
/// <param name="Key">The key under which the worker may cache the compiled source.</param>
internal readonly record struct ExecuteMessage(
    ulong JobId, ReadOnlyMemory<byte> Source,
    ReadOnlyMemory<byte> SourceName, RunLimits Limits, ReadOnlyMemory<byte> Globals, RunOrigin Origin = default, CodeKey Key = default)
{
    private const int Fields = 6;

    /// <summary>Writes one frame of this type.</summary>
    public static void Write(
        FrameBuffer frames, ulong jobId, ReadOnlySpan<char> source,
        ReadOnlySpan<char> sourceName, RunLimits limits, ReadOnlySpan<byte> globals, RunOrigin origin = default, CodeKey key = default)
    {
        frames.BeginFrame(FrameType.Execute);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(origin.IsRepeatable ? Fields + 1 : Fields);
        writer.WriteUInt64(jobId);
        writer.WriteString(source);
        writer.WriteString(sourceName);
        limits.Write(ref writer);
        writer.WriteRaw(globals);
        key.Write(writer);
        if (origin.IsRepeatable) origin.Write(writer);
        frames.EndFrame();
    }

    /// <summary>Reads the body of one frame.</summary>
    /// <exception cref="ProtocolException">The body is not one of this type.</exception>
    public static ExecuteMessage Read(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        int fields = reader.ReadArrayHeader();
        if (fields is not (Fields or Fields + 1)) throw ProtocolException.At(0, $"an execute of {fields} fields");
        ulong jobId = reader.ReadUInt64();
        ReadOnlyMemory<byte> source = reader.ReadStringMemory(body, body.Length);
        ReadOnlyMemory<byte> name = reader.ReadStringMemory(body, ProtocolLimits.SourceNameBytes);
        RunLimits limits = RunLimits.Read(ref reader);
        ReadOnlyMemory<byte> globals = reader.ReadRawMemory(body);
        CodeKey key = CodeKey.Read(ref reader);
        RunOrigin origin = fields > Fields ? RunOrigin.Read(ref reader) : default;
        reader.ExpectEnd();
        return new ExecuteMessage(jobId, source, name, limits, globals, origin, key);
    }
}

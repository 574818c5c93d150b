using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;

namespace Enclave.Protocol.Messages;

/// <summary>Worker to host: console lines in order. A frame holds many lines.</summary>
internal readonly record struct ConsoleMessage(ulong JobId, IReadOnlyList<ConsoleEntry> Lines)
{
    /// <summary>Begins a frame of <paramref name="count"/> lines, which the caller appends with <see cref="WriteLine"/>.</summary>
    public static void Begin(FrameBuffer frames, ulong jobId, int count)
    {
        frames.BeginFrame(FrameType.Console);
        var writer = new MessagePackWriter(frames);
        writer.WriteArrayHeader(2);
        writer.WriteUInt64(jobId);
        writer.WriteArrayHeader(count);
    }

    /// <summary>Writes one line within a console message.</summary>
    public static void WriteLine(System.Buffers.IBufferWriter<byte> output, int level, ReadOnlySpan<byte> text)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.WriteInt64(level);
        writer.WriteStringUtf8(text);
    }

    /// <param name="body">The frame's body.</param>
    /// <param name="maxLines">Maximum number of lines. More are refused before they are read.</param>
    /// <param name="maxBytes">Maximum bytes of UTF-8 in all lines. More are refused before they are decoded.</param>
    public static ConsoleMessage Read(ReadOnlyMemory<byte> body, int maxLines, long maxBytes)
    {
        var reader = new MessagePackReader(body);
        reader.ReadArrayHeader(2);
        ulong jobId = reader.ReadUInt64();
        int count = reader.ReadArrayHeader();
        if (count > maxLines) throw ProtocolException.At(reader.Consumed, $"{count} console lines where {maxLines} may come");
        // Each entry takes at least three bytes, so the frame bounds the list. It grows as entries are read.
        var lines = new List<ConsoleEntry>(Math.Min(count, 64));
        for (int i = 0; i < count; i++)
        {
            reader.ReadArrayHeader(2);
            int level = reader.ReadInt32();
            if (level is < 0 or > 4) throw ProtocolException.At(reader.Consumed, $"console level {level}");
            int length = reader.ReadStringHeader();
            if ((maxBytes -= length) < 0) throw ProtocolException.At(reader.Consumed, "console output above its limits");
            lines.Add(new ConsoleEntry(level, reader.ReadStringBody(length)));
        }

        reader.ExpectEnd();
        return new ConsoleMessage(jobId, lines);
    }
}

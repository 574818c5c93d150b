using System.Buffers;
using System.Buffers.Binary;
using MessagePack;

namespace Enclave.DotNetPeers.Peers;

internal enum FrameKind
{
    /// <summary>Child to host: it takes jobs.</summary>
    Ready,

    /// <summary>Host to child: source, arguments.</summary>
    Run,

    /// <summary>Child to host: number, name, arguments.</summary>
    Call,

    /// <summary>Host to child: number, answer.</summary>
    Return,

    /// <summary>Child to host: answer.</summary>
    Done,

    /// <summary>Child to host: message.</summary>
    Failed,
}

/// <summary>A message between host and child: four bytes of length, then a MessagePack array of kind, number and texts.</summary>
internal readonly record struct JobFrame(FrameKind Kind, int Number, string First, string Second = "")
{
    /// <summary>More than the largest workload needs.</summary>
    private const int MostBytes = 16 << 20;

    public void Write(Stream output)
    {
        var buffer = new ArrayBufferWriter<byte>(First.Length + Second.Length + 64);
        buffer.GetSpan(4)[..4].Clear();
        buffer.Advance(4);
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(4);
        writer.Write((int)Kind);
        writer.Write(Number);
        writer.Write(First);
        writer.Write(Second);
        writer.Flush();
        byte[] bytes = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
        output.Write(bytes);
        output.Flush();
    }

    /// <summary>The next message; null at the end of the stream.</summary>
    public static JobFrame? Read(Stream input)
    {
        Span<byte> header = stackalloc byte[4];
        if (input.ReadAtLeast(header, 4, throwOnEndOfStream: false) < 4) return null;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(LengthIn(header));
        input.ReadExactly(bytes, 0, LengthIn(header));
        return Parse(bytes, LengthIn(header));
    }

    /// <inheritdoc cref="Read"/>
    public static async ValueTask<JobFrame?> ReadAsync(Stream input)
    {
        byte[] header = new byte[4];
        if (await input.ReadAtLeastAsync(header, 4, throwOnEndOfStream: false) < 4) return null;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(LengthIn(header));
        await input.ReadExactlyAsync(bytes, 0, LengthIn(header));
        return Parse(bytes, LengthIn(header));
    }

    private static int LengthIn(ReadOnlySpan<byte> header)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(header);
        return length is >= 0 and <= MostBytes ? length : throw new InvalidDataException($"a frame of {length} bytes");
    }

    private static JobFrame Parse(byte[] rented, int length)
    {
        var reader = new MessagePackReader(rented.AsMemory(0, length));
        if (reader.ReadArrayHeader() != 4) throw new InvalidDataException("a frame has four values");
        var frame = new JobFrame((FrameKind)reader.ReadInt32(), reader.ReadInt32(), reader.ReadString()!, reader.ReadString()!);
        ArrayPool<byte>.Shared.Return(rented);
        return frame;
    }
}

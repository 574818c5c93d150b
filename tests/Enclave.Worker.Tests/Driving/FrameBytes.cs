using System.Buffers.Binary;
using Enclave.Protocol.Frames;

namespace Enclave.Worker.Tests;

/// <summary>Valid and invalid frames as bytes.</summary>
internal static class FrameBytes
{
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
}

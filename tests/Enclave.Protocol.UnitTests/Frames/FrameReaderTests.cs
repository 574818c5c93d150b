using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Protocol.Tests.Frames;

/// <summary>Frames are read as they were written, in pieces of any size. Invalid frames are refused before anything is allocated for them.</summary>
public sealed class FrameReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Frames_are_the_same_however_the_stream_is_cut(int piece)
    {
        var written = new FrameBuffer();
        for (ulong i = 0; i < 200; i++) new CancelMessage(i * 7919).Write(written);
        var reader = new FrameReader(1024);
        ReadOnlySpan<byte> stream = written.Written;
        ulong next = 0;

        for (int at = 0; at < stream.Length; at += piece)
        {
            ReadOnlySpan<byte> part = stream[at..Math.Min(at + piece, stream.Length)];
            part.CopyTo(reader.FreeSpace().Span);
            reader.Advance(part.Length);
            while (reader.TryRead(out Frame frame)) Assert.Equal(next++ * 7919, CancelMessage.Read(frame.Body).JobId);
        }

        Assert.Equal(200UL, next);
    }

    [Theory]
    [InlineData("00 1a 01 09 00 00 00 00", "a frame cannot begin with")]
    [InlineData("ec 1b 01 09 00 00 00 00", "a frame cannot begin with")]
    [InlineData("ec 1a 01 09 00 00 00 00", "protocol version 1")]
    [InlineData("ec 1a 02 00 00 00 00 00", "frame type 0")]
    [InlineData("ec 1a 02 14 00 00 00 00", "frame type 20")]
    [InlineData("ec 1a 02 09 00 00 04 01", "a frame of 1025 bytes; the limit is 1024")]
    [InlineData("ec 1a 02 09 ff ff ff ff", "a frame of 4294967295 bytes")]
    public void A_wrong_header_is_refused(string header, string message)
    {
        var reader = new FrameReader(1024);
        byte[] bytes = Convert.FromHexString(header.Replace(" ", "", StringComparison.Ordinal));
        bytes.CopyTo(reader.FreeSpace());
        reader.Advance(bytes.Length);

        var fault = Assert.Throws<ProtocolException>(() => reader.TryRead(out _));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_announced_length_costs_nothing_until_the_bytes_come()
    {
        var reader = new FrameReader(64 << 20);
        byte[] header = [0xec, 0x1a, 2, 7, 0x03, 0xff, 0xff, 0xff];
        header.CopyTo(reader.FreeSpace());
        reader.Advance(header.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.False(reader.TryRead(out _));
        Assert.InRange(reader.FreeSpace().Length, 1, 1 << 20);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Fact]
    public void A_large_frame_grows_the_buffer_and_gives_it_back()
    {
        var written = new FrameBuffer();
        ToolResultMessage.WriteValue(written, 1, 1, [0xc6, 0, 0x40, 0, 0, .. new byte[4 << 20]]);
        var reader = new FrameReader(8 << 20);
        ReadOnlySpan<byte> left = written.Written;
        Frame frame;
        while (!reader.TryRead(out frame))
        {
            Span<byte> free = reader.FreeSpace().Span;
            int n = Math.Min(free.Length, left.Length);
            left[..n].CopyTo(free);
            reader.Advance(n);
            left = left[n..];
        }

        Assert.Equal(written.Length - FrameHeader.Size, frame.Body.Length);
        Assert.InRange(reader.FreeSpace().Length, 1, 128 << 10);
    }
}

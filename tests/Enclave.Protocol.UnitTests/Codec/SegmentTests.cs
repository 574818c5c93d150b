using System.Buffers;

namespace Enclave.Protocol.Tests.Codec;

/// <summary>Frames arrive in pieces of any size, which must make no difference.</summary>
public sealed class SegmentTests
{
    private static readonly string Walked = RichFrame.Walk(new(RichFrame.Bytes));
    private static readonly ScriptValue Value = RichFrame.Value(new(RichFrame.Bytes));

    [Fact]
    public void A_split_at_any_byte_reads_the_same()
    {
        for (int at = 0; at <= RichFrame.Bytes.Length; at++) ReadsTheSame(Encoded.Segmented(RichFrame.Bytes, at));
    }

    [Fact]
    public void An_empty_segment_anywhere_reads_the_same()
    {
        for (int at = 0; at <= RichFrame.Bytes.Length; at++) ReadsTheSame(Encoded.Segmented(RichFrame.Bytes, at, 0, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Small_segments_throughout_read_the_same(int size)
    {
        int[] sizes = [.. Enumerable.Repeat(size, RichFrame.Bytes.Length / size)];
        ReadsTheSame(Encoded.Segmented(RichFrame.Bytes, sizes));
    }

    [Fact]
    public void Cut_and_split_it_is_still_a_protocol_error()
    {
        for (int length = 0; length < RichFrame.Bytes.Length; length++)
        {
            ReadOnlySequence<byte> cut = Encoded.Segmented(RichFrame.Bytes[..length], length / 2);
            Assert.Throws<ProtocolException>(() => RichFrame.Walk(cut));
            Assert.Throws<ProtocolException>(() => RichFrame.Raw(cut));
            Assert.Throws<ProtocolException>(() => RichFrame.Value(cut));
        }
    }

    [Fact]
    public void A_raw_value_inside_others_is_cut_out_exactly()
    {
        byte[] bytes = [0x93, 0x01, .. RichFrame.Bytes, 0x02];
        for (int at = 0; at <= bytes.Length; at++)
        {
            var reader = new Enclave.Protocol.Codec.MessagePackReader(Encoded.Segmented(bytes, at));
            reader.ReadArrayHeader(3);
            Assert.Equal(1, reader.ReadInt32());
            Assert.Equal(RichFrame.Bytes, reader.ReadRawValue().ToArray());
            Assert.Equal(2, reader.ReadInt32());
            Assert.True(reader.End);
        }
    }

    private static void ReadsTheSame(in ReadOnlySequence<byte> bytes)
    {
        Assert.Equal(Walked, RichFrame.Walk(bytes));
        Assert.Equal(RichFrame.Bytes, RichFrame.Raw(bytes));
        Assert.Equal(Value, RichFrame.Value(bytes));
    }
}

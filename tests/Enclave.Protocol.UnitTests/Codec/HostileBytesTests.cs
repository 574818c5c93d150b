using System.Buffers;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Protocol.Tests.Codec;

public sealed class HostileBytesTests
{
    // An exception with its stack and message takes a few kilobytes; the smallest false claim here is 64 KiB.
    private const long FewBytes = 32 * 1024;

    [Fact]
    public void A_frame_cut_anywhere_is_a_protocol_error_and_nothing_else()
    {
        for (int length = 0; length < RichFrame.Bytes.Length; length++)
        {
            var cut = new ReadOnlySequence<byte>(RichFrame.Bytes, 0, length);
            Assert.Throws<ProtocolException>(() => RichFrame.Walk(cut));
            Assert.Throws<ProtocolException>(() => RichFrame.Raw(cut));
            Assert.Throws<ProtocolException>(() => RichFrame.Value(cut));
        }
    }

    [Theory]
    [InlineData("dd ffffffff")]
    [InlineData("dd 7fffffff")]
    [InlineData("dc ffff")]
    [InlineData("df ffffffff")]
    [InlineData("df 7fffffff")]
    [InlineData("de ffff")]
    [InlineData("db ffffffff")]
    [InlineData("db 7fffffff")]
    [InlineData("da ffff")]
    [InlineData("c6 ffffffff")]
    [InlineData("c6 7fffffff")]
    [InlineData("c9 ffffffff 02")]
    [InlineData("c9 7fffffff 03")]
    [InlineData("81 a161 dd 00010000")]
    public void A_lying_count_or_length_is_refused_before_it_is_believed(string hex)
    {
        byte[] bytes = [.. Encoded.Hex(hex), .. new byte[1000]];
        Action<ReadOnlySequence<byte>>[] readings = [b => RichFrame.Walk(b), b => RichFrame.Raw(b), b => RichFrame.Value(b)];
        foreach (Action<ReadOnlySequence<byte>> reading in readings)
        {
            var sequence = new ReadOnlySequence<byte>(bytes);
            Assert.InRange(Allocations.Of(() => Assert.Throws<ProtocolException>(() => reading(sequence))), 0, FewBytes);
        }
    }

    [Fact]
    public void Nested_arrays_may_not_each_claim_all_that_is_left()
    {
        // 100 nested arrays, each of 60,000 elements: each count alone is plausible, but allocating for all would take 48 MB for 60 KB.
        byte[] bytes = new byte[62_000];
        for (int i = 0; i < 100; i++) Encoded.Hex("dcea60").CopyTo(bytes, 3 * i);
        var sequence = new ReadOnlySequence<byte>(bytes);

        Assert.InRange(Allocations.Of(() => Assert.Throws<ProtocolException>(() => RichFrame.Value(sequence))), 0, 60_000 * 8 + FewBytes);
        Assert.Contains("announced", Assert.Throws<ProtocolException>(() => RichFrame.Value(sequence)).Message, StringComparison.Ordinal);
        Assert.Contains("announced", Assert.Throws<ProtocolException>(() => RichFrame.Raw(sequence)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("91")]
    [InlineData("81a161")]
    [InlineData("dc0001")]
    public void A_million_nested_containers_are_refused_by_depth(string level)
    {
        byte[] one = Encoded.Hex(level);
        byte[] bytes = new byte[one.Length * 1_000_000 + 1];
        for (int i = 0; i < 1_000_000; i++) one.CopyTo(bytes, i * one.Length);
        var sequence = new ReadOnlySequence<byte>(bytes);

        Assert.Contains("nesting above 128", Assert.Throws<ProtocolException>(() => RichFrame.Raw(sequence)).Message, StringComparison.Ordinal);
        Assert.Contains("MaxDepth of 128", Assert.Throws<ProtocolException>(() => RichFrame.Value(sequence)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(129)]
    public void The_depth_limit_is_exact(int depth)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x91, depth - 1), 0x90];
        var sequence = new ReadOnlySequence<byte>(bytes);
        if (depth <= ProtocolLimits.MaxDepth)
        {
            Assert.Equal(bytes, RichFrame.Raw(sequence));
            Assert.Equal(depth, RichFrame.Value(sequence).Depth);
            Assert.Equal(bytes, ScriptValueCodec.Encode(RichFrame.Value(sequence)));
            return;
        }

        Assert.Throws<ProtocolException>(() => RichFrame.Raw(sequence));
        Assert.Throws<ProtocolException>(() => RichFrame.Value(sequence));
    }

    [Fact]
    public void Skipping_a_wide_value_allocates_nothing()
    {
        byte[] bytes = [0xdd, 0, 1, 0, 0, .. new byte[65536]];

        Assert.Equal(0, Allocations.Of(() => new MessagePackReader(bytes).Skip()));
    }

    [Fact]
    public void Writing_allocates_nothing_but_the_output()
    {
        var output = new ArrayBufferWriter<byte>(4096);

        Assert.Equal(0, Allocations.Of(() => Write(output)));

        static void Write(IBufferWriter<byte> output)
        {
            var writer = new MessagePackWriter(output);
            writer.WriteMapHeader(2);
            writer.WriteString("zażółć gęślą jaźń");
            writer.WriteInt64(long.MinValue);
            writer.WriteStringUtf8("key"u8);
            writer.WriteExtension(7, [1, 2, 3]);
        }
    }
}

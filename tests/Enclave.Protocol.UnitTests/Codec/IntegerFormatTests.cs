using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Tests.Codec;

public sealed class IntegerFormatTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7f")]
    [InlineData(128, "cc80")]
    [InlineData(255, "ccff")]
    [InlineData(256, "cd0100")]
    [InlineData(65535, "cdffff")]
    [InlineData(65536, "ce00010000")]
    [InlineData(4294967295, "ceffffffff")]
    [InlineData(4294967296, "cf0000000100000000")]
    [InlineData(long.MaxValue, "cf7fffffffffffffff")]
    [InlineData(-1, "ff")]
    [InlineData(-32, "e0")]
    [InlineData(-33, "d0df")]
    [InlineData(-128, "d080")]
    [InlineData(-129, "d1ff7f")]
    [InlineData(-32768, "d18000")]
    [InlineData(-32769, "d2ffff7fff")]
    [InlineData(int.MinValue, "d280000000")]
    [InlineData(int.MinValue - 1L, "d3ffffffff7fffffff")]
    [InlineData(long.MinValue, "d38000000000000000")]
    public void An_integer_takes_its_shortest_format(long value, string hex)
    {
        byte[] bytes = Encoded.By(w => w.WriteInt64(value));

        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        Assert.Equal(value, Encoded.Read(bytes, (ref r) => r.ReadInt64()));
        Assert.Equal(value, Encoded.Read(bytes, (ref r) => r.ReadDouble()), 0.0);
        Assert.Equal(MessagePackKind.Integer, new MessagePackReader(bytes).PeekKind());
    }

    [Theory]
    [InlineData(9223372036854775808, "cf8000000000000000")]
    [InlineData(ulong.MaxValue, "cfffffffffffffffff")]
    public void Above_int64_only_the_unsigned_reader_takes_it(ulong value, string hex)
    {
        byte[] bytes = Encoded.By(w => w.WriteUInt64(value));

        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        Assert.Equal(value, Encoded.Read(bytes, (ref r) => r.ReadUInt64()));
        Assert.Equal((double)value, Encoded.Read(bytes, (ref r) => r.ReadDouble()));
        Assert.Contains("int64", Encoded.Refusal(bytes, (ref r) => r.ReadInt64()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cc01")]
    [InlineData("cd0001")]
    [InlineData("ce00000001")]
    [InlineData("cf0000000000000001")]
    [InlineData("d001")]
    [InlineData("d10001")]
    [InlineData("d200000001")]
    [InlineData("d30000000000000001")]
    public void Every_longer_format_of_1_is_read(string hex)
    {
        byte[] bytes = Encoded.Hex(hex);

        Assert.Equal(1, Encoded.Read(bytes, (ref r) => r.ReadInt64()));
        Assert.Equal(1UL, Encoded.Read(bytes, (ref r) => r.ReadUInt64()));
        Assert.Equal(1, Encoded.Read(bytes, (ref r) => r.ReadInt32()));
        Assert.Equal(1U, Encoded.Read(bytes, (ref r) => r.ReadUInt32()));
    }

    [Theory]
    [InlineData(int.MaxValue + 1L)]
    [InlineData(int.MinValue - 1L)]
    public void Int32_has_edges(long value) => Encoded.Refusal(Encoded.By(w => w.WriteInt64(value)), (ref r) => r.ReadInt32());

    [Theory]
    [InlineData(uint.MaxValue + 1L)]
    [InlineData(-1L)]
    public void UInt32_has_edges(long value) => Encoded.Refusal(Encoded.By(w => w.WriteInt64(value)), (ref r) => r.ReadUInt32());

    [Fact]
    public void UInt32_takes_its_largest() => Assert.Equal(uint.MaxValue, Encoded.Read(Encoded.Hex("ceffffffff"), (ref r) => r.ReadUInt32()));

    [Fact]
    public void UInt64_takes_no_negative() => Encoded.Refusal(Encoded.By(w => w.WriteInt64(-1)), (ref r) => r.ReadUInt64());
}

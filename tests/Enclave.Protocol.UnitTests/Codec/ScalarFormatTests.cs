using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Tests.Codec;

public sealed class ScalarFormatTests
{
    [Theory]
    [InlineData(0.0, "cb0000000000000000")]
    [InlineData(-0.0, "cb8000000000000000")]
    [InlineData(1.5, "cb3ff8000000000000")]
    [InlineData(double.PositiveInfinity, "cb7ff0000000000000")]
    [InlineData(double.NegativeInfinity, "cbfff0000000000000")]
    [InlineData(double.Epsilon, "cb0000000000000001")]
    [InlineData(double.MaxValue, "cb7fefffffffffffff")]
    public void A_double_keeps_its_bits(double value, string hex)
    {
        byte[] bytes = Encoded.By(w => w.WriteDouble(value));

        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        double read = Encoded.Read(bytes, (ref r) => r.ReadDouble());
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(read));
        Assert.Equal(MessagePackKind.Float, new MessagePackReader(bytes).PeekKind());
    }

    [Fact]
    public void NaN_stays_NaN() => Assert.True(double.IsNaN(Encoded.Read(Encoded.By(w => w.WriteDouble(double.NaN)), (ref r) => r.ReadDouble())));

    [Fact]
    public void Float32_is_read() => Assert.Equal(-1.5, Encoded.Read(Encoded.Hex("cabfc00000"), (ref r) => r.ReadDouble()));

    [Fact]
    public void Nil_is_read_only_where_it_is()
    {
        Assert.Equal([0xc0], Encoded.By(w => w.WriteNil()));
        Assert.True(Encoded.Read([0xc0], (ref r) => r.TryReadNil()));
        var reader = new MessagePackReader(new byte[] { 0x01 });
        Assert.False(reader.TryReadNil());
        Assert.Equal(0, reader.Consumed);
    }

    [Fact]
    public void Booleans()
    {
        Assert.Equal([0xc3, 0xc2], Encoded.By(w =>
        {
            w.WriteBoolean(true);
            w.WriteBoolean(false);
        }));
        Assert.True(Encoded.Read([0xc3], (ref r) => r.ReadBoolean()));
        Assert.False(Encoded.Read([0xc2], (ref r) => r.ReadBoolean()));
    }

    [Fact]
    public void Every_first_byte_has_a_kind_except_0xc1()
    {
        for (int head = 0; head <= 0xff; head++)
        {
            byte[] bytes = [(byte)head];
            if (head == 0xc1)
            {
                Assert.Contains("0xc1", Encoded.Refusal(bytes, (ref r) => r.PeekKind()).Message, StringComparison.Ordinal);
                continue;
            }

            Assert.True(Enum.IsDefined(new MessagePackReader(bytes).PeekKind()));
        }
    }

    [Fact]
    public void A_value_of_another_kind_is_refused_by_both_names()
    {
        Encoded.Reading<object>[] readings =
        [
            (ref r) => r.ReadInt64(), (ref r) => r.ReadUInt64(), (ref r) => r.ReadInt32(), (ref r) => r.ReadUInt32(), (ref r) => r.ReadDouble(),
            (ref r) => r.ReadBoolean(), (ref r) => r.ReadString(9), (ref r) => r.ReadStringBytes(9), (ref r) => r.ReadBinary(9), (ref r) => r.ReadMapHeader(),
            (ref r) => r.ReadExtension(9, out _),
        ];
        foreach (Encoded.Reading<object> reading in readings)
        {
            ProtocolException error = Encoded.Refusal([0x90], reading);
            Assert.Contains("found Array (0x90)", error.Message, StringComparison.Ordinal);
            Assert.EndsWith("(at byte 0)", error.Message, StringComparison.Ordinal);
            Encoded.Refusal([0xc1], reading);
            Encoded.Refusal([], reading);
        }

        Encoded.Refusal([0xc0], (ref r) => r.ReadArrayHeader());
    }
}

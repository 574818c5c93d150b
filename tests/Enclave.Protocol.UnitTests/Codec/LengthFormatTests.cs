using System.Buffers;
using System.Text;
using Enclave.Protocol.Codec;

namespace Enclave.Protocol.Tests.Codec;

public sealed class LengthFormatTests
{
    [Theory]
    [InlineData(0, "a0")]
    [InlineData(1, "a1")]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(255, "d9ff")]
    [InlineData(256, "da0100")]
    [InlineData(65535, "daffff")]
    [InlineData(65536, "db00010000")]
    public void A_string_takes_its_shortest_header(int length, string header)
    {
        string text = new('x', length);
        byte[] bytes = Encoded.By(w => w.WriteString(text));

        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        Assert.Equal(text, Encoded.Read(bytes, (ref r) => r.ReadString(length)));
        Assert.Equal(length, Encoded.Read(bytes, (ref r) => r.ReadStringBytes(length)).Length);
        Assert.Equal(bytes, Encoded.By(w => w.WriteStringUtf8(Encoding.UTF8.GetBytes(text))));
        if (length > 0)
            Assert.Contains($"limit of {length - 1} bytes", Encoded.Refusal(bytes, (ref r) => r.ReadString(length - 1)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d90161")]
    [InlineData("da000161")]
    [InlineData("db0000000161")]
    public void A_string_may_come_with_a_longer_header(string hex) => Assert.Equal("a", Encoded.Read(Encoded.Hex(hex), (ref r) => r.ReadString(1)));

    [Theory]
    [InlineData(0, "c400")]
    [InlineData(255, "c4ff")]
    [InlineData(256, "c50100")]
    [InlineData(65535, "c5ffff")]
    [InlineData(65536, "c600010000")]
    public void A_binary_takes_its_shortest_header(int length, string header)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        byte[] bytes = Encoded.By(w => w.WriteBinary(data));

        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        Assert.Equal(data, Encoded.Read(bytes, (ref r) => r.ReadBinary(length).ToArray()));
        if (length > 0) Encoded.Refusal(bytes, (ref r) => r.ReadBinary(length - 1));
    }

    [Theory]
    [InlineData(0, "c70005")]
    [InlineData(1, "d405")]
    [InlineData(2, "d505")]
    [InlineData(3, "c70305")]
    [InlineData(4, "d605")]
    [InlineData(5, "c70505")]
    [InlineData(7, "c70705")]
    [InlineData(8, "d705")]
    [InlineData(9, "c70905")]
    [InlineData(15, "c70f05")]
    [InlineData(16, "d805")]
    [InlineData(17, "c71105")]
    [InlineData(255, "c7ff05")]
    [InlineData(256, "c8010005")]
    [InlineData(65535, "c8ffff05")]
    [InlineData(65536, "c90001000005")]
    public void An_extension_takes_its_shortest_header(int length, string header)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        byte[] bytes = Encoded.By(w => w.WriteExtension(5, data));

        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        (sbyte type, byte[] read) = Encoded.Read(bytes, (ref r) => (Type(ref r, length, out byte[] body), body));
        Assert.Equal(5, type);
        Assert.Equal(data, read);
        if (length > 0) Encoded.Refusal(bytes, (ref r) => r.ReadExtension(length - 1, out _).Length);
    }

    [Theory]
    [InlineData(-128)]
    [InlineData(-1)]
    [InlineData(127)]
    public void An_extension_type_is_signed(sbyte expected) =>
        Assert.Equal(expected, Encoded.Read(Encoded.By(w => w.WriteExtension(expected, [])), (ref r) => Type(ref r, 0, out _)));

    [Theory]
    [InlineData(0, "90")]
    [InlineData(15, "9f")]
    [InlineData(16, "dc0010")]
    [InlineData(65535, "dcffff")]
    [InlineData(65536, "dd00010000")]
    public void An_array_takes_its_shortest_header(int count, string header)
    {
        byte[] bytes = Encoded.By(w =>
        {
            w.WriteArrayHeader(count);
            for (int i = 0; i < count; i++) w.WriteNil();
        });

        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        Assert.Equal(count, new MessagePackReader(bytes).ReadArrayHeader());
        Assert.True(Encoded.Read(bytes, Skip));
        if (count > 0) Encoded.Refusal(bytes[..^1], (ref r) => r.ReadArrayHeader());
    }

    [Theory]
    [InlineData(0, "80")]
    [InlineData(15, "8f")]
    [InlineData(16, "de0010")]
    [InlineData(65535, "deffff")]
    [InlineData(65536, "df00010000")]
    public void A_map_takes_its_shortest_header(int count, string header)
    {
        byte[] bytes = Encoded.By(w =>
        {
            w.WriteMapHeader(count);
            for (int i = 0; i < 2 * count; i++) w.WriteInt64(1);
        });

        Assert.Equal(header, Convert.ToHexStringLower(bytes.AsSpan(0, header.Length / 2)));
        Assert.Equal(count, new MessagePackReader(bytes).ReadMapHeader());
        Assert.True(Encoded.Read(bytes, Skip));
        if (count > 0) Encoded.Refusal(bytes[..^1], (ref r) => r.ReadMapHeader());
    }

    [Fact]
    public void An_array_of_a_fixed_count_takes_no_other()
    {
        Assert.True(Encoded.Read([0x91, 0xc0], (ref r) => Exactly(ref r, 1)));
        ProtocolException error = Encoded.Refusal([0x92, 0xc0, 0xc0], (ref r) => Exactly(ref r, 1));
        Assert.Contains("array of 2, expected 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("zażółć gęślą jaźń")]
    [InlineData("𝔘𝔫𝔦𝔠𝔬𝔡𝔢 😀")]
    public void Text_of_every_width_of_utf8_survives(string text)
    {
        foreach (int repeat in (int[])[1, 40, 3000])
        {
            string all = string.Concat(Enumerable.Repeat(text, repeat));
            byte[] bytes = Encoded.By(w => w.WriteString(all));
            Assert.Equal(all, Encoded.Read(bytes, (ref r) => r.ReadString(int.MaxValue)));
            Assert.True(Encoded.Read(bytes, Skip));
        }
    }

    [Fact]
    public void The_writer_replaces_a_lone_surrogate() =>
        Assert.Equal("a\uFFFDb\uFFFD", Encoded.Read(Encoded.By(w => w.WriteString("a\uD800b\uDC00")), (ref r) => r.ReadString(99)));

    [Theory]
    [InlineData("a180")]
    [InlineData("a1ff")]
    [InlineData("a2c080")]
    [InlineData("a2c3")]
    [InlineData("a3eda080")]
    [InlineData("a4f4908080")]
    [InlineData("a4f0288cbc")]
    public void Ill_formed_utf8_is_refused(string hex)
    {
        byte[] bytes = [.. Encoded.Hex(hex), 0xc0, 0xc0];
        Assert.Contains("UTF-8", Encoded.Refusal(bytes, (ref r) => r.ReadString(9)).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", Encoded.Refusal(bytes, Skip).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Raw_values_are_copied_as_they_are()
    {
        byte[] value = Encoded.Hex("82 a161 93 01 02 c403000102 a162 d6ff00000000");
        byte[] copy = Encoded.By(w => w.WriteRaw(value));
        byte[] pieces = Encoded.By(w => w.WriteRaw(Encoded.Segmented(value, 3, 0, 5)));

        Assert.Equal(value, Encoded.Read(copy, (ref r) => r.ReadRawValue().ToArray()));
        Assert.Equal(value, pieces);
    }

    private static bool Skip(ref MessagePackReader reader)
    {
        reader.Skip();
        return true;
    }

    private static bool Exactly(ref MessagePackReader reader, int count)
    {
        reader.ReadArrayHeader(count);
        reader.Skip();
        return true;
    }

    private static sbyte Type(ref MessagePackReader reader, int length, out byte[] body)
    {
        body = reader.ReadExtension(length, out sbyte type).ToArray();
        return type;
    }
}

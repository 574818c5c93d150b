using System.Numerics;
using Enclave.Protocol.Tests.Codec;
using Enclave.Protocol.Values;

namespace Enclave.Protocol.Tests.Values;

public sealed class ScriptValueCodecTests
{
    public static TheoryData<object?, string> Forms => new()
    {
        { null, "c0" },
        { ScriptValue.Undefined, "c70001" },
        { true, "c3" },
        { 1.0, "01" },
        { -0.0, "cb8000000000000000" },
        { 9007199254740991.0, "cf001fffffffffffff" },
        { 9007199254740992.0, "cb4340000000000000" },
        { -9007199254740991.0, "d3ffe0000000000001" },
        { BigInteger.Zero, "d40200" },
        { BigInteger.MinusOne, "d5020101" },
        { new BigInteger(256), "c703 02 000001" },
        { long.MinValue, "c70902 01 0000000000000080" },
        { "é", "a2c3a9" },
        { "\uD800a", "d603 00d86100" },
        { new byte[] { 1 }, "c40101" },
        { DateTimeOffset.UnixEpoch, "d6ff00000000" },
        { DateTimeOffset.UnixEpoch.AddMilliseconds(1), "d7ff003d090000000000" },
        { DateTimeOffset.UnixEpoch.AddSeconds(4294967295), "d6ffffffffff" },
        { DateTimeOffset.UnixEpoch.AddSeconds(4294967296), "d7ff0000000100000000" },
        { DateTimeOffset.UnixEpoch.AddSeconds(17179869183), "d7ff00000003ffffffff" },
        { DateTimeOffset.UnixEpoch.AddSeconds(17179869184), "c70cff000000000000000400000000" },
        { DateTimeOffset.UnixEpoch.AddMilliseconds(-1), "c70cff3b8b87c0ffffffffffffffff" },
        { new object?[] { 1, null }, "9201c0" },
        { new Dictionary<string, object?> { ["a"] = 1, ["\uDC00"] = 2 }, "82 a161 01 d503 00dc 02" },
    };

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void A_value_has_one_form(object? value, string hex)
    {
        ScriptValue expected = ScriptValue.From(value);
        Assert.Equal(Convert.ToHexString(Encoded.Hex(hex)), Convert.ToHexString(ScriptValueCodec.Encode(expected)));
        Assert.Equal(expected, Read(hex));
    }

    [Theory]
    [InlineData("cf0020000000000000", ScriptValueKind.BigInt)]
    [InlineData("cf001fffffffffffff", ScriptValueKind.Number)]
    [InlineData("d3ffe0000000000000", ScriptValueKind.BigInt)]
    [InlineData("cfffffffffffffffff", ScriptValueKind.BigInt)]
    [InlineData("ca3fc00000", ScriptValueKind.Number)]
    [InlineData("d503 6100", ScriptValueKind.String)]
    [InlineData("c70003", ScriptValueKind.String)]
    public void Other_forms_are_read_too(string hex, ScriptValueKind kind) => Assert.Equal(kind, Read(hex).Kind);

    [Theory]
    [InlineData("d40100", "undefined")]
    [InlineData("c70002", "without a sign")]
    [InlineData("d40202", "sign 2")]
    [InlineData("d40201", "negative zero")]
    [InlineData("d502 0000", "zero byte")]
    [InlineData("d403 61", "odd")]
    [InlineData("d400 00", "extension type 0")]
    [InlineData("d480 00", "extension type -128")]
    [InlineData("81 01 02", "key of kind Integer")]
    [InlineData("81 c0 02", "key of kind Nil")]
    [InlineData("81 d402 00 02", "key of extension type 2")]
    [InlineData("81 c70001 02", "key of extension type 1")]
    [InlineData("d5ff 0000", "timestamp of 2 bytes")]
    [InlineData("d7ff ee6b280000000000", "nanoseconds")]
    [InlineData("c70cff 3b9aca00 0000000000000000", "nanoseconds")]
    [InlineData("c70cff 000f4240 000007dba8218000", "Date")]
    [InlineData("c70cff 00000000 000007dba8218001", "Date")]
    [InlineData("c70cff 3b8b87c0 fffff82457de7fff", "Date")]
    [InlineData("c70cff 00000000 7fffffffffffffff", "Date")]
    [InlineData("c70cff 00000000 8000000000000000", "Date")]
    [InlineData("c1", "0xc1")]
    [InlineData("0101", "after the value")]
    public void Bytes_that_are_no_value_are_refused(string hex, string reason)
    {
        ProtocolException error = Assert.Throws<ProtocolException>(() => Read(hex));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_edges_of_dates_are_read()
    {
        Assert.Equal(8_640_000_000_000_000, Read("c70cff 00000000 000007dba8218000").AsDateMilliseconds());
        Assert.Equal(8_640_000_000_000_000, Read("c70cff 000f423f 000007dba8218000").AsDateMilliseconds());
        Assert.Equal(-8_640_000_000_000_000, Read("c70cff 00000000 fffff82457de8000").AsDateMilliseconds());
    }

    [Fact]
    public void The_longest_BigInt_is_read_and_a_longer_one_is_not()
    {
        BigInteger longest = -(BigInteger.Pow(2, 8 * ProtocolLimits.MaxBigIntBytes) - 1);
        byte[] bytes = ScriptValueCodec.Encode(ScriptValue.From(longest));
        Assert.Equal(longest, ScriptValueCodec.Decode(new(bytes), ValueLimits.Widest).AsBigInteger());

        byte[] longer = Encoded.By(w => w.WriteExtension(ValueExtension.BigInt, [0, .. Enumerable.Repeat((byte)1, ProtocolLimits.MaxBigIntBytes + 1)]));
        Assert.Throws<ProtocolException>(() => ScriptValueCodec.Decode(new(longer), ValueLimits.Widest));
    }

    [Fact]
    public void Keys_that_name_prototypes_are_data_on_the_wire()
    {
        byte[] bytes = Encoded.By(w =>
        {
            w.WriteMapHeader(4);
            foreach (string key in (string[])["__proto__", "constructor", "prototype", "kept"])
            {
                w.WriteString(key);
                w.WriteMapHeader(1);
                w.WriteExtension(ValueExtension.Utf16, System.Text.Encoding.Unicode.GetBytes("__proto__"));
                w.WriteInt64(1);
            }
        });

        Assert.Equal(
            """{"__proto__":{"__proto__":1},"constructor":{"__proto__":1},"prototype":{"__proto__":1},"kept":{"__proto__":1}}""",
            ScriptValueCodec.Decode(new(bytes), ValueLimits.Widest).ToJsonString());
    }

    [Fact]
    public void Of_two_equal_keys_the_last_wins()
    {
        Assert.Equal("""{"a":3,"b":2}""", Read("83 a161 01 a162 02 a161 03").ToJsonString());
        Assert.Equal("""{"a":2}""", Read("82 a161 01 d503 6100 02").ToJsonString());
    }

    [Theory]
    [InlineData("91 91 90", 3, 2, 3)]
    [InlineData("82 a161 92 01 02 a162 c0", 2, 4, 9)]
    [InlineData("a3616263", 0, 0, 4)]
    [InlineData("93 c403010203 c70001 d503 6100", 1, 3, 13)]
    [InlineData("81 a161 81 a161 01", 2, 2, 7)]
    public void Each_limit_is_exact_and_named(string hex, int depth, int properties, int bytes)
    {
        var limits = new ValueLimits { MaxDepth = depth, MaxProperties = properties, MaxBytes = bytes };
        _ = Read(hex, limits);
        if (depth > 0) Refused(limits with { MaxDepth = depth - 1 }, nameof(ValueLimits.MaxDepth));
        if (properties > 0) Refused(limits with { MaxProperties = properties - 1 }, nameof(ValueLimits.MaxProperties));
        Refused(limits with { MaxBytes = bytes - 1 }, nameof(ValueLimits.MaxBytes));

        void Refused(ValueLimits less, string name) =>
            Assert.Contains($"the limit {name} of", Assert.Throws<ProtocolException>(() => Read(hex, less)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_count_from_where_the_value_starts()
    {
        var limits = new ValueLimits { MaxDepth = 1, MaxProperties = 1, MaxBytes = 2 };
        var reader = new Enclave.Protocol.Codec.MessagePackReader(Encoded.Hex("c0 c0 c0 9101 9102"));
        for (int i = 0; i < 3; i++) reader.Skip();
        Assert.Equal(1, ScriptValueCodec.Read(ref reader, limits)[0].AsInt32());
        Assert.Equal(2, ScriptValueCodec.Read(ref reader, limits)[0].AsInt32());
    }

    private static ScriptValue Read(string hex) => Read(hex, ValueLimits.Widest);

    private static ScriptValue Read(string hex, ValueLimits limits) => ScriptValueCodec.Decode(new(Encoded.Hex(hex)), limits);
}

using System.Buffers;
using Enclave.Protocol.Values;

namespace Enclave.Protocol.Tests.Values;

/// <summary>References on the wire and in .NET, and the size thresholds for them.</summary>
public sealed class ReferenceTests
{
    private static readonly ScriptReference s_reference = new("00112233445566778899aabbccddeeff", 70_000, ScriptValueKind.Array, "[1,2…");

    private static readonly ValueLimits s_limits = ValueLimits.Widest with { MaxReferences = 2 };

    [Fact]
    public void A_reference_is_written_in_its_one_form()
    {
        byte[] encoded = ScriptValueCodec.Encode(ScriptValue.OfReference(s_reference));

        Assert.Equal("C72004" + "00112233445566778899AABBCCDDEEFF" + "0000000000011170" + "02" + "5B312C32E280A6", Convert.ToHexString(encoded));
        Assert.Equal(s_reference, Decode(Convert.ToHexString(encoded), s_limits).AsReference());
    }

    [Fact]
    public void From_a_worker_it_is_an_id_alone()
    {
        ScriptReference reference = Decode("D80400112233445566778899AABBCCDDEEFF", s_limits).AsReference();

        Assert.Equal(new ScriptReference("00112233445566778899aabbccddeeff", 0, ScriptValueKind.Undefined, ""), reference);
    }

    [Theory]
    [InlineData("C70004")]
    [InlineData("C70F0400112233445566778899AABBCCDDEE")]
    [InlineData("C7110400112233445566778899AABBCCDDEEFF00")]
    [InlineData("C7190400112233445566778899AABBCCDDEEFF000000000001117004")]
    [InlineData("C7190400112233445566778899AABBCCDDEEFFFFFFFFFFFFFFFFFF02")]
    public void Any_other_form_is_refused(string encoded) => Assert.Throws<ProtocolException>(() => Decode(encoded, s_limits));

    [Fact]
    public void Without_leave_it_is_no_value()
    {
        string encoded = Convert.ToHexString(ScriptValueCodec.Encode(ScriptValue.OfReference(s_reference)));

        Assert.Contains(
            "extension type 4 is not a value", Assert.Throws<ProtocolException>(() => Decode(encoded, ValueLimits.Widest)).Message, StringComparison.Ordinal);
        Assert.Contains("more than 2 references",
            Assert.Throws<ProtocolException>(() => Decode("93" + encoded + encoded + encoded, s_limits)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_data_in_json_and_plain_objects()
    {
        ScriptValue value = ScriptValue.OfArray([ScriptValue.OfReference(s_reference)]);
        const string Json = "[{\"id\":\"00112233445566778899aabbccddeeff\",\"size\":70000,\"kind\":\"array\",\"preview\":\"[1,2…\"}]";

        Assert.Equal(Json, value.ToJsonString());
        Assert.Equal(70_000, (long)value.ToJsonNode()![0]!["size"]!);
        Assert.Equal("array", ((Dictionary<string, object?>)((List<object?>)value.ToObject()!)[0]!)["kind"]);
        Assert.Equal("[reference(Array, 70000 bytes)]", value.ToString());
        Assert.Equal(value, ScriptValue.OfArray([ScriptValue.OfReference(s_reference with { })]));
        Assert.True(value.HasReference && !ScriptValue.From(new[] { 1 }).HasReference);
    }

    [Fact]
    public void No_value_is_made_of_one() => Assert.Contains("$[1]",
        Assert.Throws<ArgumentException>(() => ScriptValue.From(new object[] { 1, ScriptValue.OfReference(s_reference) })).Message, StringComparison.Ordinal);

    [Fact]
    public void The_size_of_a_value_is_known_without_writing_it()
    {
        foreach (ScriptValue value in ValueGenerator.Many(seed: 6, count: 20_000)) Assert.Equal(ScriptValueCodec.Encode(value).Length, EncodedSize.Of(value));

        foreach (int length in (int[])[0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536])
        {
            Assert.All(
                (ScriptValue[])[ScriptValue.OfBytes(new byte[length]), ScriptValue.OfString(new string('é', length)),
                    ScriptValue.OfString(new string('\ud800', length)), ScriptValue.OfArray([.. Enumerable.Repeat(ScriptValue.Null, length)])],
                (value) => Assert.Equal(ScriptValueCodec.Encode(value).Length, EncodedSize.Of(value)));
        }

        Assert.Equal(ScriptValueCodec.Encode(ScriptValue.OfReference(s_reference)).Length, EncodedSize.Of(ScriptValue.OfReference(s_reference)));
    }

    private static ScriptValue Decode(string hex, in ValueLimits limits) =>
        ScriptValueCodec.Decode(new ReadOnlySequence<byte>(Convert.FromHexString(hex)), limits);
}

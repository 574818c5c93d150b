using System.Numerics;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Protocol.Tests;

/// <summary>The estimated cost of a value before it is read covers the memory that reading it allocates.</summary>
public sealed class ValueCostTests
{
    private const int Many = 10_000;

    private static readonly Dictionary<string, ScriptValue> s_shapes = new()
    {
        ["ones"] = Array(ScriptValue.OfNumber(1)),
        ["fractions"] = Array(ScriptValue.OfNumber(0.5)),
        ["truths"] = Array(ScriptValue.True),
        ["empty strings"] = Array(ScriptValue.OfString("")),
        ["letters"] = Array(ScriptValue.OfString("a")),
        ["lone surrogates"] = Array(ScriptValue.OfString("\ud800")),
        ["a long string"] = ScriptValue.OfString(new string('x', 1_000_000)),
        ["bytes"] = ScriptValue.OfBytes(new byte[1_000_000]),
        ["empty bytes"] = Array(ScriptValue.OfBytes([])),
        ["integers of 1 byte"] = Array(ScriptValue.OfBigInt(-1)),
        ["integers of 8 KB"] = Array(ScriptValue.OfBigInt(BigInteger.Pow(2, (8 * ProtocolLimits.MaxBigIntBytes) - 1)), 100),
        ["dates"] = Array(ScriptValue.OfDate(1)),
        ["empty arrays"] = Array(ScriptValue.OfArray([])),
        ["arrays of one"] = Array(ScriptValue.OfArray([ScriptValue.OfNumber(1)])),
        ["empty objects"] = Array(ScriptValue.From(new Dictionary<string, object?>())),
        ["objects of one"] = Array(ScriptValue.From(new Dictionary<string, object?> { ["a"] = 1 })),
        ["objects of nine"] = Array(Object(9), 1000),
        ["an object of many"] = Object(Many),
    };

    public static TheoryData<string> Shapes => [.. s_shapes.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_value_is_counted_as_what_reading_it_takes(string shape)
    {
        ReadOnlyMemory<byte> encoded = ScriptValueCodec.Encode(s_shapes[shape]);
        long counted = Cost(encoded).Memory;

        ScriptValue? value = null;
        long allocated = Allocations.Of(() => value = Decode(encoded));

        Assert.True(allocated <= counted, $"{shape}: {allocated} bytes were allocated, {counted} counted, for {encoded.Length} sent");
        // The estimate must not refuse values that are far from their limit.
        Assert.True(counted <= (3 * allocated) + 1000, $"{shape}: {counted} bytes were counted, {allocated} allocated, for {encoded.Length} sent");
        Assert.Equal(s_shapes[shape], value);
    }

    [Fact]
    public void Integers_are_counted_by_what_their_digits_cost()
    {
        ScriptValue long16 = Array(ScriptValue.OfBigInt(BigInteger.Pow(2, (8 * ProtocolLimits.MaxBigIntBytes) - 1)), 15);
        ScriptValue long17 = Array(ScriptValue.OfBigInt(BigInteger.Pow(2, (8 * ProtocolLimits.MaxBigIntBytes) - 1)), 17);
        ScriptValue ids = Array(ScriptValue.OfBigInt(ulong.MaxValue), 100_000);

        Assert.True(Cost(ScriptValueCodec.Encode(long16)).DecimalWork <= ValueCost.MaxDecimalWork);
        Assert.True(Cost(ScriptValueCodec.Encode(long17)).DecimalWork > ValueCost.MaxDecimalWork);
        Assert.True(Cost(ScriptValueCodec.Encode(ids)).DecimalWork <= ValueCost.MaxDecimalWork);
    }

    private static ValueCost Cost(ReadOnlyMemory<byte> encoded)
    {
        var reader = new MessagePackReader(encoded);
        _ = reader.ReadRawMemory(encoded, out ValueCost cost);
        return cost;
    }

    private static ScriptValue Decode(ReadOnlyMemory<byte> encoded)
    {
        var reader = new MessagePackReader(encoded);
        return ScriptValueCodec.Read(ref reader, ValueLimits.Widest);
    }

    private static ScriptValue Array(ScriptValue item, int count = Many) => ScriptValue.OfArray([.. Enumerable.Repeat(item, count)]);

    private static ScriptValue Object(int count) => ScriptValue.From(Enumerable.Range(0, count).ToDictionary((i) => $"k{i}", (i) => (object?)i));
}

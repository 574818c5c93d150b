using System.Numerics;

namespace Enclave.Protocol.Tests.Values;

public sealed class ScriptValueTests
{
    private static readonly ScriptValue[] OneOfEach =
    [
        ScriptValue.Undefined, ScriptValue.Null, ScriptValue.True, ScriptValue.From(1.5), ScriptValue.From(BigInteger.One), ScriptValue.From("s"),
        ScriptValue.From(new byte[] { 1 }), ScriptValue.From(DateTimeOffset.UnixEpoch), ScriptValue.From(new[] { 1 }), ScriptValue.From(new { a = 1 }),
    ];

    [Fact]
    public void Reading_the_wrong_kind_names_both()
    {
        (ScriptValueKind Kind, Func<ScriptValue, object> Read)[] accessors =
        [
            (ScriptValueKind.Boolean, v => v.AsBoolean()), (ScriptValueKind.Number, v => v.AsDouble()), (ScriptValueKind.String, v => v.AsString()),
            (ScriptValueKind.Bytes, v => v.AsBytes()), (ScriptValueKind.Date, v => v.AsDate()), (ScriptValueKind.Date, v => v.AsDateMilliseconds()),
            (ScriptValueKind.Array, v => v.Items),
            (ScriptValueKind.Array, v => v[0]), (ScriptValueKind.Object, v => v.Properties), (ScriptValueKind.Object, v => v["a"]),
            (ScriptValueKind.Object, v => v.TryGetProperty("a", out _)),
        ];
        foreach (ScriptValue value in OneOfEach)
        {
            foreach ((ScriptValueKind kind, Func<ScriptValue, object> read) in accessors)
            {
                if (value.Kind == kind)
                {
                    Assert.NotNull(read(value));
                    continue;
                }

                string message = Assert.Throws<InvalidOperationException>(() => read(value)).Message;
                Assert.Contains($"is {value.Kind}, not {kind}", message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Integers_are_read_where_they_are_whole_and_fit()
    {
        Assert.Equal(5, ScriptValue.From(5.0).AsInt32());
        Assert.Equal(5, ScriptValue.From(new BigInteger(5)).AsInt32());
        Assert.Equal(long.MaxValue, ScriptValue.From(long.MaxValue).AsInt64());
        Assert.Equal(long.MinValue, ScriptValue.From((double)long.MinValue).AsInt64());
        Assert.Equal(BigInteger.Pow(2, 70), ScriptValue.From(Math.Pow(2, 70)).AsBigInteger());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.From(1.5).AsInt64());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.From(double.NaN).AsInt32());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.From(double.PositiveInfinity).AsBigInteger());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.From(9223372036854775808.0).AsInt64());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.From(ulong.MaxValue).AsInt64());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.From(3e9).AsInt32());
        Assert.Throws<InvalidOperationException>(() => ScriptValue.From("1").AsInt32());
    }

    [Fact]
    public void A_missing_member_or_element_is_undefined()
    {
        ScriptValue array = ScriptValue.From(new[] { 1, 2 });
        ScriptValue map = ScriptValue.From(new { a = 1 });

        Assert.Same(ScriptValue.Undefined, array[2]);
        Assert.Same(ScriptValue.Undefined, array[-1]);
        Assert.Same(ScriptValue.Undefined, map["b"]);
        Assert.False(map.TryGetProperty("b", out ScriptValue missing));
        Assert.Same(ScriptValue.Undefined, missing);
        Assert.True(map.TryGetProperty("a", out ScriptValue found));
        Assert.Equal(1, found.AsInt32());
    }

    [Fact]
    public void Properties_keep_their_order_in_small_and_in_large_objects()
    {
        foreach (int count in (int[])[3, 8, 9, 10, 1000])
        {
            string[] keys = [.. Enumerable.Range(0, count).Select(i => $"k{count - i}")];
            ScriptValue value = ScriptValue.From(keys.ToDictionary(key => key, key => key + "!"));
            Assert.Equal(count, value.Count);
            Assert.Equal(keys, value.Properties.Select(property => property.Key));
            Assert.All(keys, key => Assert.Equal(key + "!", value[key].AsString()));
            Assert.Equal(ScriptValueKind.Undefined, value["other"].Kind);
        }
    }

    [Fact]
    public void Equality_is_by_structure()
    {
        for (int i = 0; i < OneOfEach.Length; i++)
        {
            for (int j = 0; j < OneOfEach.Length; j++) Assert.Equal(i == j, OneOfEach[i].Equals(OneOfEach[j]));
        }

        var one = ScriptValue.From(new Dictionary<string, object?> { ["a"] = 1, ["b"] = double.NaN });
        var other = ScriptValue.From(new Dictionary<string, object?> { ["b"] = double.NaN, ["a"] = 1.0 });
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(ScriptValue.From(1), ScriptValue.From(BigInteger.One));
        Assert.NotEqual(one, ScriptValue.From(new { a = 1 }));
    }

    [Fact]
    public void Plain_objects_come_out()
    {
        var value = ScriptValue.From(new Dictionary<string, object?>
        {
            ["list"] = new object?[] { null, true, 1.5, "s", BigInteger.One, DateTimeOffset.UnixEpoch, new byte[] { 7 }, ScriptValue.Undefined },
        });

        var map = Assert.IsType<Dictionary<string, object?>>(value.ToObject());
        var list = Assert.IsType<List<object?>>(map["list"]);
        Assert.Equal([null, true, 1.5, "s", BigInteger.One, DateTimeOffset.UnixEpoch, new byte[] { 7 }, null], list);
    }

    [Fact]
    public void A_date_that_DateTimeOffset_does_not_hold_is_still_a_date()
    {
        ScriptValue far = ScriptValue.OfDate(ProtocolLimits.MaxDateMilliseconds);

        Assert.Contains("+275760-09-13", Assert.Throws<InvalidOperationException>(() => far.AsDate()).Message, StringComparison.Ordinal);
        Assert.Equal(ProtocolLimits.MaxDateMilliseconds, far.AsDateMilliseconds());
        Assert.Equal("+275760-09-13T00:00:00.000Z", far.ToObject());
        Assert.Equal(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), ScriptValue.From(DateTimeOffset.MaxValue).AsDate().ToUnixTimeMilliseconds());
        Assert.Equal(DateTimeOffset.MinValue, ScriptValue.From(DateTimeOffset.MinValue).AsDate());
    }

    [Fact]
    public void ToString_is_short_whatever_the_value()
    {
        Assert.Equal("""{"a":[1,undefined,5n,bytes(3),"x\ud800"]}""", ScriptValue.From(new Dictionary<string, object?>
        {
            ["a"] = new object?[] { 1, ScriptValue.Undefined, new BigInteger(5), new byte[3], "x\uD800" },
        }).ToString());
        Assert.Equal("[]", ScriptValue.From(Array.Empty<int>()).ToString());
        Assert.Equal("{}", ScriptValue.From(new { }).ToString());
        Assert.InRange(ScriptValue.From(new string('\0', 100_000)).ToString().Length, 1, 130);
        Assert.InRange(ScriptValue.From(Enumerable.Range(0, 100_000)).ToString().Length, 1, 130);
        Assert.InRange(ScriptValue.From(BigInteger.Pow(10, 10_000)).ToString().Length, 1, 130);
        foreach (ScriptValue value in ValueGenerator.Many(1, 2000)) Assert.InRange(value.ToString().Length, 1, 130);
    }
}

using System.Buffers;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Protocol.Tests.Values;

public sealed class ScriptValueJsonTests
{
    public static TheoryData<object?, string> Rules => new()
    {
        { ScriptValue.Undefined, "null" },
        { null, "null" },
        { double.NaN, "null" },
        { double.NegativeInfinity, "null" },
        { -0.0, "0" },
        { 1e17, "100000000000000000" },
        { 1e21, "1E+21" },
        { 0.1, "0.1" },
        { BigInteger.Pow(10, 25), "\"10000000000000000000000000\"" },
        { new byte[] { 1, 2, 3 }, "\"AQID\"" },
        { DateTimeOffset.UnixEpoch.AddMilliseconds(7), "\"1970-01-01T00:00:00.007Z\"" },
        { "é<>\"\\\n", "\"é<>\\\"\\\\\\n\"" },
        { "a\uD800b", "\"a\\ud800b\"" },
        { "\uDC00\uD83D\uDE00\uD83D\u0001\n\"", "\"\\udc00\uD83D\uDE00\\ud83d\\u0001\\n\\\"\"" },
        { new object?[] { ScriptValue.Undefined, double.NaN, 1 }, "[null,null,1]" },
        { new Dictionary<string, object?> { ["a"] = ScriptValue.Undefined, ["b"] = null }, """{"b":null}""" },
        { new Dictionary<string, object?> { ["\uD800"] = new[] { 1 }, ["u"] = ScriptValue.Undefined, ["b"] = "\uDC00" },
            "{\"\\ud800\":[1],\"b\":\"\\udc00\"}" },
        { new Dictionary<string, object?> { ["\uD800"] = ScriptValue.Undefined }, "{}" },
    };

    [Theory]
    [MemberData(nameof(Rules), DisableDiscoveryEnumeration = true)]
    public void The_rules_of_json(object? value, string json) => Assert.Equal(json, ScriptValue.From(value).ToJsonString());

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00.000Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999Z")]
    [InlineData(951782400000, "2000-02-29T00:00:00.000Z")]
    [InlineData(253402300799999, "9999-12-31T23:59:59.999Z")]
    [InlineData(253402300800000, "+010000-01-01T00:00:00.000Z")]
    [InlineData(-62135596800000, "0001-01-01T00:00:00.000Z")]
    [InlineData(-62167219200000, "0000-01-01T00:00:00.000Z")]
    [InlineData(-62167219200001, "-000001-12-31T23:59:59.999Z")]
    [InlineData(8640000000000000, "+275760-09-13T00:00:00.000Z")]
    [InlineData(-8640000000000000, "-271821-04-20T00:00:00.000Z")]
    public void A_date_is_written_as_JavaScript_writes_it(long milliseconds, string iso) =>
        Assert.Equal($"\"{iso}\"", ScriptValue.OfDate(milliseconds).ToJsonString());

    [Fact]
    public void Dates_that_DateTimeOffset_holds_are_written_as_it_writes_them()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            var date = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(-62135596800000, 253402300800000));
            Assert.Equal($"\"{date:yyyy-MM-ddTHH:mm:ss.fffZ}\"", ScriptValue.From(date).ToJsonString());
        }
    }

    [Fact]
    public void The_text_of_every_value_is_JSON_and_agrees_with_its_tree()
    {
        foreach (ScriptValue value in ValueGenerator.Many(11, 3000))
        {
            string json = value.ToJsonString();
            using JsonDocument document = JsonDocument.Parse(json);
            Assert.Equal(document.RootElement.ValueKind == JsonValueKind.Null, value.ToJsonNode() is null);
            Assert.Equal(ScriptValue.From(document), ScriptValue.From(value.ToJsonNode()));
        }
    }

    [Fact]
    public void It_is_written_into_the_middle_of_other_json()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("value");
            ScriptValue.From(new Dictionary<string, object?> { ["\uD800"] = 1, ["b"] = "\uD800" }).WriteTo(writer);
            writer.WriteNumber("after", 2);
            writer.WriteEndObject();
        }

        Assert.Equal("""{"value":{"\ud800":1,"b":"\ud800"},"after":2}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void It_deserializes_with_web_defaults()
    {
        ScriptValue value = ScriptValue.From(
            new { name = "Ada", AGE = 36, id = long.MaxValue, tags = new[] { "a" }, born = DateTimeOffset.UnixEpoch, big = 1e16 });

        Person person = value.Deserialize<Person>()!;

        Assert.Equal(
            ("Ada", 36, long.MaxValue, DateTimeOffset.UnixEpoch, 10_000_000_000_000_000), (person.Name, person.Age, person.Id, person.Born, person.Big));
        Assert.Equal(["a"], person.Tags);
        Assert.Null(ScriptValue.Undefined.Deserialize<Person>());
        Assert.Throws<JsonException>(() => ScriptValue.From("x").Deserialize<Person>());
    }

    [Fact]
    public void It_may_be_a_member_of_what_the_serializer_writes_and_reads()
    {
        string json = JsonSerializer.Serialize(new Holder(ScriptValue.From(new[] { 1, 2 })));
        Assert.Equal("""{"Value":[1,2]}""", json);
        Assert.Equal(2, JsonSerializer.Deserialize<Holder>(json)!.Value[1].AsInt32());
        Assert.Equal(ScriptValue.Null, JsonSerializer.Deserialize<Holder>("""{"Value":null}""")!.Value);
    }

    [Fact]
    public void Text_with_a_lone_surrogate_does_not_deserialize() =>
        Assert.Throws<JsonException>(() => ScriptValue.From(new { name = "\uD800" }).Deserialize<Person>());

    [Fact]
    public void Deep_values_deserialize_too()
    {
        object? nested = null;
        for (int i = 0; i < 100; i++) nested = new[] { nested };
        Assert.IsType<JsonArray>(ScriptValue.From(nested).Deserialize<JsonNode>());
    }

    private sealed record Person(string Name, int Age, long Id, string[] Tags, DateTimeOffset Born, long Big);

    private sealed record Holder(ScriptValue Value);
}

using System.Collections;
using System.Collections.Frozen;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Protocol.Tests.Values;

public sealed class ScriptValueFromTests
{
    public static TheoryData<object?, ScriptValueKind> Scalars => new()
    {
        { null, ScriptValueKind.Null },
        { true, ScriptValueKind.Boolean },
        { (byte)1, ScriptValueKind.Number },
        { (sbyte)1, ScriptValueKind.Number },
        { (short)1, ScriptValueKind.Number },
        { (ushort)1, ScriptValueKind.Number },
        { 1, ScriptValueKind.Number },
        { 1U, ScriptValueKind.Number },
        { (nint)1, ScriptValueKind.Number },
        { (nuint)1, ScriptValueKind.Number },
        { 1f, ScriptValueKind.Number },
        { (Half)1, ScriptValueKind.Number },
        { 1m, ScriptValueKind.Number },
        { (Int128)1, ScriptValueKind.Number },
        { (UInt128)1, ScriptValueKind.Number },
        { 9007199254740991L, ScriptValueKind.Number },
        { -9007199254740991L, ScriptValueKind.Number },
        { 9007199254740992L, ScriptValueKind.BigInt },
        { -9007199254740992L, ScriptValueKind.BigInt },
        { 9007199254740991UL, ScriptValueKind.Number },
        { 9007199254740992UL, ScriptValueKind.BigInt },
        { ulong.MaxValue, ScriptValueKind.BigInt },
        { BigInteger.One, ScriptValueKind.BigInt },
        { "a", ScriptValueKind.String },
        { 'a', ScriptValueKind.String },
        { Guid.Empty, ScriptValueKind.String },
        { DayOfWeek.Friday, ScriptValueKind.String },
        { new byte[] { 1 }, ScriptValueKind.Bytes },
        { new ReadOnlyMemory<byte>([1]), ScriptValueKind.Bytes },
        { DateTimeOffset.UnixEpoch, ScriptValueKind.Date },
        { DateTime.UnixEpoch, ScriptValueKind.Date },
    };

    [Theory]
    [MemberData(nameof(Scalars), DisableDiscoveryEnumeration = true)]
    public void A_scalar_becomes_its_kind(object? value, ScriptValueKind kind) => Assert.Equal(kind, ScriptValue.From(value).Kind);

    [Fact]
    public void An_enum_is_its_name() => Assert.Equal("Friday", ScriptValue.From(DayOfWeek.Friday).AsString());

    [Fact]
    public void Bytes_are_copied()
    {
        byte[] bytes = [1, 2];
        ScriptValue value = ScriptValue.From(bytes);
        bytes[0] = 9;
        Assert.Equal([1, 2], value.AsBytes().ToArray());
    }

    [Fact]
    public void A_time_without_a_zone_is_utc() =>
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), ScriptValue.From(new DateTime(2026, 1, 2, 3, 4, 5)).AsDate());

    [Fact]
    public void A_value_is_itself() => Assert.Same(ScriptValue.Undefined, ScriptValue.From(ScriptValue.Undefined));

    [Fact]
    public void Every_sort_of_dictionary_is_an_object()
    {
        var expando = (IDictionary<string, object?>)new System.Dynamic.ExpandoObject();
        expando["a"] = 1;
        object[] maps =
        [
            new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, object?> { ["a"] = 1 }, new Hashtable { ["a"] = 1 }, expando,
            new Dictionary<string, int> { ["a"] = 1 }.ToFrozenDictionary(), new GenericOnly(), new JsonObject { ["a"] = 1 }, new { A = 1 },
        ];
        foreach (object map in maps) Assert.Equal("""{"a":1}""", ScriptValue.From(map).ToJsonString());
    }

    [Fact]
    public void Other_keys_are_written_as_the_serializer_writes_them() =>
        Assert.Equal("""{"7":1}""", ScriptValue.From(new Dictionary<int, int> { [7] = 1 }).ToJsonString());

    [Fact]
    public void Other_objects_go_through_json_with_web_defaults()
    {
        ScriptValue value = ScriptValue.From(
            new { FirstName = "Ada", Big = 9007199254740993L, Huge = BigInteger.Pow(10, 30), Day = DayOfWeek.Monday, Odd = double.NaN });

        Assert.Equal("Ada", value["firstName"].AsString());
        Assert.Equal(9007199254740993, value["big"].AsInt64());
        Assert.Equal(BigInteger.Pow(10, 30), value["huge"].AsBigInteger());
        Assert.Equal("Monday", value["day"].AsString());
        Assert.Equal(ScriptValueKind.Null, value["odd"].Kind);
    }

    [Fact]
    public void Other_objects_keep_lone_surrogates_and_their_dictionaries()
    {
        ScriptValue value = ScriptValue.From(new { Text = "a\uD800", Map = new Dictionary<string, string?> { ["k"] = "\uDC00", ["n"] = null } });

        Assert.Equal("a\uD800", value["text"].AsString());
        Assert.Equal("\uDC00", value["map"]["k"].AsString());
        Assert.Equal(ScriptValueKind.Null, value["map"]["n"].Kind);
    }

    [Fact]
    public void Sequences_nest()
    {
        ScriptValue value = ScriptValue.From(
            new object?[] { 1, new List<string> { "a" }, Enumerable.Range(0, 2), new Dictionary<string, object?> { ["k"] = null } });
        Assert.Equal("""[1,["a"],[0,1],{"k":null}]""", value.ToJsonString());
    }

    [Theory]
    [InlineData("1", ScriptValueKind.Number)]
    [InlineData("1.5", ScriptValueKind.Number)]
    [InlineData("1e400", ScriptValueKind.Number)]
    [InlineData("9007199254740992", ScriptValueKind.BigInt)]
    [InlineData("123456789012345678901234567890", ScriptValueKind.BigInt)]
    [InlineData("-123456789012345678901234567890", ScriptValueKind.BigInt)]
    [InlineData("12345678901234567890.0", ScriptValueKind.Number)]
    [InlineData("\"a\"", ScriptValueKind.String)]
    [InlineData("[]", ScriptValueKind.Array)]
    [InlineData("{}", ScriptValueKind.Object)]
    [InlineData("true", ScriptValueKind.Boolean)]
    [InlineData("null", ScriptValueKind.Null)]
    public void Json_becomes_its_kind(string json, ScriptValueKind kind)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(kind, ScriptValue.From(document).Kind);
        Assert.Equal(kind, ScriptValue.From(document.RootElement).Kind);
        Assert.Equal(kind, ScriptValue.From(JsonNode.Parse(json)).Kind);
    }

    [Fact]
    public void Minus_zero_of_json_stays_negative() => Assert.True(double.IsNegative(ScriptValue.From(JsonElement.Parse("-0")).AsDouble()));

    [Fact]
    public void Escapes_of_json_are_read_as_they_are()
    {
        foreach ((string json, string text) in (ReadOnlySpan<(string, string)>)
            [
                ("\\ud800", "\ud800"), ("\\uDFFFa\\n", "\udfffa\n"), ("\\ud83d\\ude00", "😀"), ("\\ude00\\ud83d", "\ude00\ud83d"), ("\\u0000", "\0"),
                ("é\\u00e9\\\\u0041\\/\\b\\f\\n\\r\\t\\\"😀", "éé\\u0041/\b\f\n\r\t\"😀"), ("a", "a"), ("", ""),
            ])
        {
            Assert.Equal(text, ScriptValue.From(JsonElement.Parse($"\"{json}\"")).AsString());
            Assert.Equal(text, ScriptValue.From(JsonElement.Parse($"{{\"{json}\":1}}")).Properties.Single().Key);
        }
    }

    [Fact]
    public void No_text_of_json_costs_an_exception()
    {
        byte[] json = [.. "[{\"\\ud800\":\"\\udc00\"},\""u8, 0xFF, .. "\"]"u8];
        using JsonDocument document = JsonDocument.Parse(json);
        int thread = Environment.CurrentManagedThreadId, thrown = 0;
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            ScriptValue value = ScriptValue.From(document.RootElement);

            Assert.Equal("\udc00", value[0]["\ud800"].AsString());
            Assert.Equal("\ufffd", value[1].AsString());
            Assert.Equal(0, thrown);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        void Count(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs fault)
        {
            if (Environment.CurrentManagedThreadId == thread) thrown++;
        }
    }

    [Fact]
    public void Lone_surrogates_of_json_survive_in_text_and_in_keys()
    {
        ScriptValue value = ScriptValue.From(JsonElement.Parse("""{"\ud800\n":"a\u0041\"\udc00é"}"""));
        Assert.Equal("aA\"\uDC00é", value["\uD800\n"].AsString());
    }

    [Fact]
    public void Of_two_properties_with_one_key_the_last_wins_in_the_place_of_the_first() =>
        Assert.Equal("""{"a":3,"b":2}""", ScriptValue.From(JsonElement.Parse("""{"a":1,"b":2,"a":3}""")).ToJsonString());

    [Fact]
    public void Keys_that_name_prototypes_are_data_at_every_depth()
    {
        ScriptValue fromJson = ScriptValue.From(JsonElement.Parse("""{"__proto__":{"x":1},"a":[{"constructor":1,"prototype":2,"b":3}]}"""));
        ScriptValue fromMap = ScriptValue.From(
            new Dictionary<string, object?> { ["__proto__"] = 1, ["a"] = new[] { new Hashtable { ["constructor"] = 1, ["b"] = 3 } } });

        Assert.Equal("""{"__proto__":{"x":1},"a":[{"constructor":1,"prototype":2,"b":3}]}""", fromJson.ToJsonString());
        Assert.Equal(1, fromMap["__proto__"].AsInt32());
        Assert.Equal((1, 3), (fromMap["a"][0]["constructor"].AsInt32(), fromMap["a"][0]["b"].AsInt32()));
    }

    [Fact]
    public void A_tree_of_JSON_whose_names_cannot_be_read_is_refused_as_no_data()
    {
        JsonNode tree = JsonNode.Parse("""{"a":{"b\ud800":1}}""")!;

        ArgumentException refused = Assert.Throws<ArgumentException>(() => ScriptValue.From(tree));

        Assert.Contains("(at $.a)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, ScriptValue.From(JsonElement.Parse("""{"a":{"b\ud800":1}}"""))["a"]["b\ud800"].AsInt32());
    }

    [Fact]
    public void An_object_that_is_no_data_is_refused_with_its_path()
    {
        (object Value, string Path)[] cases =
        [
            (new Action(() => { }), "(at $)"),
            (new Dictionary<string, object> { ["a"] = new object[] { 0, 0, 0, typeof(int) } }, "(at $.a[3])"),
            (new Dictionary<string, object> { ["a b"] = Stream.Null }, "(at $[\"a b\"])"),
            (new object[] { new { Inner = new { Call = new Func<int>(() => 1) } } }, "(at $[0].Inner.Call,"),
            (new { Type = typeof(int) }, "(at $.Type,"),
            (new { Data = Stream.Null }, "(at $.Data,"),
            (new object[] { BigInteger.Pow(2, 8 * ProtocolLimits.MaxBigIntBytes) }, "(at $[0])"),
            (new object[] { Empty() }, "(at $[0])"),
        ];
        foreach ((object value, string path) in cases)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => ScriptValue.From(value));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_cycle_is_refused_with_its_path()
    {
        var list = new List<object>();
        list.Add(new Dictionary<string, object> { ["again"] = list });
        var node = new Node();
        node.Next = node;

        Assert.Contains("(at $[0].again)", Assert.Throws<ArgumentException>(() => ScriptValue.From(list)).Message, StringComparison.Ordinal);
        Assert.Contains("cycle was detected (at $.Next.Next", Assert.Throws<ArgumentException>(() => ScriptValue.From(node)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_object_twice_is_no_cycle()
    {
        int[] shared = [1];
        Assert.Equal("[[1],[1]]", ScriptValue.From(new[] { shared, shared }).ToJsonString());
    }

    [Fact]
    public void Nesting_of_100_is_taken_and_of_101_is_not_whatever_it_is_made_of()
    {
        object? nested = null;
        JsonNode? node = null;
        for (int i = 0; i < 100; i++)
        {
            nested = new[] { nested };
            node = new JsonArray(node);
        }

        ScriptValue value = ScriptValue.From(nested);
        Assert.Equal(100, value.Depth);
        Assert.Equal(100, ScriptValue.From(node).Depth);
        Assert.Throws<ArgumentException>(() => ScriptValue.From(new[] { nested }));
        Assert.Throws<ArgumentException>(() => ScriptValue.From(new[] { value }));
        Assert.Throws<ArgumentException>(() => ScriptValue.From(new[] { JsonElement.Parse(value.ToJsonString(), new() { MaxDepth = 200 }) }));
        Assert.Throws<ArgumentException>(() => ScriptValue.From(new[] { node }));
    }

    private static async IAsyncEnumerable<int> Empty()
    {
        await Task.CompletedTask;
        yield break;
    }

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    private sealed class GenericOnly : IReadOnlyDictionary<string, int>
    {
        public int Count => 1;

        public IEnumerable<string> Keys => ["a"];

        public IEnumerable<int> Values => [1];

        public int this[string key] => 1;

        public bool ContainsKey(string key) => key == "a";

        public bool TryGetValue(string key, out int value)
        {
            value = 1;
            return key == "a";
        }

        public IEnumerator<KeyValuePair<string, int>> GetEnumerator()
        {
            yield return new("a", 1);
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [Fact]
    public void A_value_that_cannot_be_written_is_refused_with_its_place()
    {
        var inner = new Dictionary<string, object?> { ["list"] = new List<object?> { 1, new object?[] { (Action)(() => { }) } } };
        string[] wanted = ["a Action cannot be a script value (at $.list[1][0])", "the Dictionary`2 contains itself (at $.self)", "nesting above 100 (at $"];
        var itself = new Dictionary<string, object?>();
        itself["self"] = itself;
        object?[] deep = [];
        for (int i = 0; i < 100; i++) deep = [deep];

        string[] said = [.. new object[] { inner, itself, deep }.Select(Refusal)];

        Assert.All(said.Zip(wanted), (pair) => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
        Assert.Equal(said, new object[] { inner, itself, deep }.Select((value) => Assert.Throws<ArgumentException>(() => ScriptValue.From(value)).Message));
    }

    [Fact]
    public void Integers_in_json_are_bounded_by_what_their_digits_cost()
    {
        string digits = new('7', 2 * Enclave.Protocol.ProtocolLimits.MaxBigIntBytes);
        using JsonDocument few = JsonDocument.Parse($"[{string.Join(',', Enumerable.Repeat(digits, 16))}]"), many = JsonDocument.Parse(
            $"{{\"a\":[{string.Join(',', Enumerable.Repeat(digits, 30))}]}}");
        using JsonDocument ids = JsonDocument.Parse($"[{string.Join(',', Enumerable.Repeat("18446744073709551615", 100_000))}]");

        Assert.Equal((16, 100_000), (ScriptValue.From(few.RootElement).Count, ScriptValue.From(ids.RootElement).Count));
        Assert.Matches(@"^its integers take longer to write in decimal .* \(at \$\.a\[2\d\]\)$", Refusal(many.RootElement));
    }

    [Fact]
    public void A_dictionary_whose_type_tells_nothing_is_read_by_its_pairs()
    {
        var typed = new Dictionary<string, int> { ["a"] = 1, ["constructor"] = 2 };

        Assert.Equal(ScriptValue.From(new Dictionary<string, object?> { ["a"] = 1, ["constructor"] = 2 }), ScriptValue.From(typed));
        Assert.Equal(ScriptValue.From(typed), ScriptValue.From(typed.ToFrozenDictionary()));
    }

    private static string Refusal(object value) =>
        Assert.Throws<ArgumentException>(() =>
            Enclave.Protocol.Values.ScriptValueCodec.WriteObject(new(new System.Buffers.ArrayBufferWriter<byte>()), value)).Message;
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Values;
using Enclave.Tests;

namespace Enclave.Protocol.Tests.Values;

/// <summary>Parsed JSON is written without an intermediate value, and comes to the same bytes or the same refusal.</summary>
public sealed class JsonWritingTests
{
    private static readonly string[] s_names =
    [
        "a", "b", "id", "", "__proto__", "\\u0061", "a\\n", "\\ud800", "name-of-something-1-long", "name-of-anything--1-long", "ž", "名",
        "12345678", "123456789",
    ];

    private static readonly string[] s_scalars =
    [
        "0", "-0", "-1", "1", "7e2", "1.0", "-0.0", "0.1", "1e400", "-1e-400", "123456789012345", "-12345678901234", "1234567890123456", "9007199254740991",
        "9007199254740993", "-9223372036854775808", "18446744073709551616", "123456789012345678901234567890", "1E5", "1e15", "999999999999999", "true", "false",
        "null", "\"\"", "\"text\"", "\"a\\\"b\\\\\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"😀ž\"",
    ];

    [Fact]
    public void Json_is_written_as_the_value_that_is_made_of_it()
    {
        var random = new Random(20261123);
        for (int i = 0; i < TestSize.Of(1_000, 50_000); i++)
        {
            byte[] json = Encoding.UTF8.GetBytes(Json(random, random.Next(6)));
            // Bytes that are no UTF-8 may stand in texts: the parser does not look.
            if (random.Next(8) == 0) Damage(random, json);
            JsonElement element;
            try
            {
                element = JsonElement.Parse(json);
            }
            catch (JsonException)
            {
                continue;
            }

            AssertSame(element, json);
        }
    }

    [Fact]
    public void A_refusal_names_the_place()
    {
        string json = string.Concat(Enumerable.Repeat("""{"name":[""", 60)) + "1" + string.Concat(Enumerable.Repeat("]}", 60));
        JsonElement element = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = 2_000 });

        Assert.StartsWith("nesting above 100 (at $.name[0].name[0].name[0]", Outcome(() => Written(element)), StringComparison.Ordinal);
        AssertSame(element, Encoding.UTF8.GetBytes(json));
    }

    [Fact]
    public void Integers_that_are_dear_to_write_are_counted_together()
    {
        string digits = new('9', 16_000);
        JsonElement element = JsonElement.Parse($$"""{"list":[{{string.Join(',', Enumerable.Repeat(digits, 40))}}]}""");

        Assert.StartsWith("its integers take longer", Outcome(() => Written(element)), StringComparison.Ordinal);
        AssertSame(element, []);
        // Each value is counted by itself.
        ScriptValueCodec.WriteObject(new MessagePackWriter(new ArrayBufferWriter<byte>()), element.GetProperty("list")[0]);
    }

    private static void AssertSame(JsonElement element, byte[] json)
    {
        ScriptValue? value = null;
        byte[] written = [];
        string? refused = Outcome(() => value = ScriptValue.From(element)), refusedToWrite = Outcome(() => written = Written(element));
        // No Assert.True: it would make its message, which is the whole text, for each case that holds.
        if (refused != refusedToWrite || (refused is null && !ScriptValueCodec.Encode(value!).AsSpan().SequenceEqual(written)))
            Assert.Fail(Encoding.Latin1.GetString(json));
    }

    private static byte[] Written(JsonElement element)
    {
        var output = new ArrayBufferWriter<byte>();
        ScriptValueCodec.WriteObject(new MessagePackWriter(output), element);
        return output.WrittenSpan.ToArray();
    }

    private static string? Outcome<T>(Func<T> act)
    {
        try
        {
            act();
            return null;
        }
        catch (ArgumentException refusal)
        {
            return refusal.Message;
        }
    }

    private static string Json(Random random, int depth)
    {
        int count = random.Next(10) == 0 ? random.Next(30, 40) : random.Next(6);
        return (depth == 0 ? 0 : random.Next(3)) switch
        {
            0 => s_scalars[random.Next(s_scalars.Length)],
            1 => $"[{string.Join(", ", Enumerable.Range(0, count).Select((_) => Json(random, depth - 1)))}]",
            _ => $"{{{string.Join(',', Enumerable.Range(0, count).Select((n) => $"\"{Name(random, n)}\": {Json(random, depth - 1)}"))}}}",
        };
    }

    private static string Name(Random random, int n) => random.Next(3) == 0 ? s_names[random.Next(s_names.Length)] : $"k{n}";

    private static void Damage(Random random, byte[] json)
    {
        for (int i = 0; i < json.Length; i++)
        {
            if (json[i] > 0x7f && random.Next(3) == 0) json[i] = (byte)random.Next(0x80, 0x100);
        }
    }
}

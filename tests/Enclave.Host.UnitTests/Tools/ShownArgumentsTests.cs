using System.Text.Json;
using Enclave.Protocol;
using Enclave.Tools;

namespace Enclave.Host.Tests.Tools;

/// <summary>What a person sees of a call's arguments.</summary>
public sealed class ShownArgumentsTests
{
    private static readonly string[] s_parts =
        ["a", "\u00e9", " ", "\"", "\\", "\n", "\u200b", "\u3164", "\u2800", "\u00a0", "\ufe0f", "\u034f", "\ud83d\ude00", "\u0301", "\u0000"];

    [Fact]
    public void The_cost_of_the_question_does_not_grow_with_the_depth_of_the_arguments()
    {
        ScriptValue value = ScriptValue.From(new string('x', 1 << 20));
        for (int depth = 0; depth < 90; depth++) value = ScriptValue.From(new Dictionary<string, ScriptValue> { ["a"] = value });

        long before = GC.GetAllocatedBytesForCurrentThread();
        string? shown = ShownArguments.Of(value);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.NotNull(shown);
        Assert.InRange(bytes, 1, 8 << 20);
    }

    [Fact]
    public void The_cost_does_not_grow_with_the_number_of_long_members()
    {
        ScriptValue text = ScriptValue.From(new string('x', 1 << 16));
        ScriptValue value = ScriptValue.From(Enumerable.Range(0, 600).ToDictionary((i) => $"m{i}", (_) => text));

        long before = GC.GetAllocatedBytesForCurrentThread();
        string? shown = ShownArguments.Of(value);

        Assert.Null(shown);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 8 << 20);
    }

    [Fact]
    public void What_is_shown_whole_reads_back_as_the_JSON_that_a_tool_gets()
    {
        var context = new ToolContext(null, null, "test", CancellationToken.None);
        var random = new Random(3);
        for (int i = 0; i < 2_000; i++)
        {
            ScriptValue value = ScriptValue.From(new Dictionary<string, object?>
            {
                ["text"] = Text(random),
                [Text(random)] = new object?[] { Text(random), random.NextDouble() * 1e20, (long)random.Next(), -0.0, null, true },
                ["big"] = System.Numerics.BigInteger.Pow(random.Next(1, 100), 40),
                ["bytes"] = new byte[random.Next(10)],
                ["date"] = DateTimeOffset.UnixEpoch,
            });

            string shown = ShownArguments.Of(value)!;

            Assert.DoesNotContain("missing)", shown, StringComparison.Ordinal);
            Assert.True(JsonElement.DeepEquals(JsonElement.Parse(shown), JsonElement.Parse(ArgumentJson.ToUtf8(value, context).Span)), shown);
            Assert.DoesNotContain("  ", shown, StringComparison.Ordinal);
            Assert.All(shown, (c) => Assert.False(char.IsControl(c) || "\u200b\u3164\u2800\u00a0\ufe0f\u034f".Contains(c)));
        }
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(500_000)]
    public void A_mark_says_how_much_of_a_long_value_is_missing(int length)
    {
        string shown = ShownArguments.Of(ScriptValue.From(new Dictionary<string, object?> { ["text"] = new string('x', length), ["to"] = "bob" }))!;

        int taken = shown.Count((c) => c == 'x') - 1;
        Assert.EndsWith($"x\"… ({length - taken} characters are missing),\"to\":\"bob\"}}", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 3_500, 4_000);
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select((_) =>
        s_parts[random.Next(s_parts.Length)]));
}

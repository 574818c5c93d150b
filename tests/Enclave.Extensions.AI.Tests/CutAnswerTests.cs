using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>Answers that do not fit into a model's budget.</summary>
public sealed class CutAnswerTests : IAsyncDisposable
{
    private const int Tokens = 300, CharactersOfToken = 3;

    private static readonly string[] s_characters = ["a", "\"", "\\", "\n", "<", "é", "😀"];

    private readonly EnclaveHost _enclave = new();

    public ValueTask DisposeAsync() => _enclave.DisposeAsync();

    [Fact]
    public async Task A_list_keeps_its_first_items_and_says_how_many_there_are()
    {
        JsonElement answer = await Call("return Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `order ${i}` }))");

        JsonElement value = answer.GetProperty("value");
        int kept = value.GetArrayLength() - 1;
        Assert.InRange(kept, 5, 100);
        Assert.All(value.EnumerateArray().Take(kept), (item) => Assert.Equal($"order {item.GetProperty("id")}", item.GetProperty("name").GetString()));
        Assert.Equal($"... {1000 - kept} of 1000 items", value[kept].GetString());
        Assert.Contains("Return less", answer.GetProperty("leftOut").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("store(key", answer.GetProperty("leftOut").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_keeps_its_small_members_whole_and_cuts_the_large_ones()
    {
        JsonElement value = (await Call(
            "return { rows: Array.from({ length: 500 }, (_, i) => i * 1000), total: 42, text: 'x'.repeat(5000), state: 'done' }")).GetProperty("value");

        Assert.Equal((42, "done"), (value.GetProperty("total").GetInt32(), value.GetProperty("state").GetString()));
        Assert.Equal(2000, value.GetProperty("rows")[2].GetInt32());
        Assert.EndsWith("more characters)", value.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_and_an_error_are_cut_too()
    {
        JsonElement printed = await Call("console.log('y'.repeat(5000)); return 'short'");
        Assert.Equal("short", printed.GetProperty("value").GetString());
        Assert.EndsWith("more characters)", printed.GetProperty("console").GetString(), StringComparison.Ordinal);

        JsonElement failed = await Call("console.log('y'.repeat(5000)); throw new Error('z'.repeat(5000))");
        Assert.Contains("zzz", failed.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.True(failed.TryGetProperty("console", out _));
    }

    [Fact]
    public async Task In_a_conversation_it_says_how_to_get_the_rest_and_that_works()
    {
        var options = new CodeFunctionOptions { MaxResultTokens = Tokens, Run = new RunOptions { Conversation = "chat-1" } };

        JsonElement first = await Call(
            "const all = Array.from({ length: 1000 }, (_, i) => i); await store('all', all); return all", options);
        JsonElement second = await Call("return (await load('all')).slice(990)", options);

        Assert.Contains("store(key, value)", first.GetProperty("leftOut").GetString(), StringComparison.Ordinal);
        Assert.Equal("[990,991,992,993,994,995,996,997,998,999]", second.GetProperty("value").GetRawText());
    }

    [Fact]
    public async Task Whatever_a_script_returns_the_answer_is_valid_and_within_its_budget()
    {
        var random = new Random(20261126);
        for (int i = 0; i < 150; i++)
        {
            object? value = Any(random, 0);
            int tokens = random.Next(200, 600);
            var options = new CodeFunctionOptions
            {
                MaxResultTokens = tokens,
                Run = new RunOptions { Globals = new Dictionary<string, object?> { ["given"] = value } },
            };

            JsonElement answer = await Call($"console.log('c\\ud800'.repeat({random.Next(0, 600)})); return given", options);

            Assert.True(
                answer.GetRawText().Length <= tokens * CharactersOfToken, $"case {i}: {answer.GetRawText().Length} characters for {tokens} tokens");
            Assert.False(answer.TryGetProperty("error", out JsonElement error), $"case {i}: {error}");
            JsonNode whole = JsonSerializer.SerializeToNode(value)!;
            if (!answer.TryGetProperty("leftOut", out _))
                Assert.True(JsonNode.DeepEquals(whole, JsonNode.Parse(answer.GetProperty("value").GetRawText())), $"case {i}");
            else Assert.Equal(whole.GetValueKind(), answer.GetProperty("value").ValueKind);
        }
    }

    /// <summary>Objects, lists and texts of all sizes.</summary>
    private static object? Any(Random random, int depth) => random.Next(depth > 3 ? 4 : 7) switch
    {
        0 => random.Next(-1000, 100_000),
        1 => random.Next(2) == 0,
        2 => new string('a', random.Next(0, 20)),
        3 => string.Concat(Enumerable.Range(0, random.Next(0, depth == 0 ? 3000 : 300)).Select((_) => s_characters[random.Next(s_characters.Length)])),
        4 => Enumerable.Range(0, random.Next(0, depth == 0 ? 200 : 9)).Select((_) => Any(random, depth + 1)).ToList(),
        5 => Enumerable.Range(0, random.Next(0, 9)).ToDictionary((i) => $"{(char)('a' + i)}{i}", (_) => Any(random, depth + 1)),
        _ => Enumerable.Range(0, random.Next(0, depth == 0 ? 300 : 40)).ToDictionary((i) => $"member \"{i}\"", (i) => (object?)i),
    };

    private Task<JsonElement> Call(string code) => Call(code, new CodeFunctionOptions { MaxResultTokens = Tokens });

    private async Task<JsonElement> Call(string code, CodeFunctionOptions options)
    {
        object? answer = await _enclave.AsAIFunction(options).InvokeAsync(new AIFunctionArguments { ["code"] = code }, TestContext.Current.CancellationToken);
        return Assert.IsType<JsonElement>(answer);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Guard;
using Enclave.Guard.Rules;
using Enclave.Models;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary>Answers for models never exceed their tokens, are valid JSON, and name the amount of what they leave out.</summary>
public sealed class AnswerBudgetTests
{
    private const int CharactersOfToken = 3;

    /// <summary>The deepest JSON that clients read.</summary>
    private static readonly JsonDocumentOptions s_clients = new() { MaxDepth = 64 };

    [Fact]
    public void An_answer_is_within_its_budget_and_names_the_amount_of_what_it_leaves_out()
    {
        var made = new GeneratedResults(20261130);
        int whole = 0, cut = 0, failed = 0;
        for (int i = 0; i < TestSize.Of(500, 10_000); i++)
        {
            ExecutionResult result = made.Result();
            int tokens = made.Tokens();
            var limits = new AnswerLimits(tokens, 1000, i % 2 == 0);
            try
            {
                JsonElement answer = Within(CodeAnswer.Of(result, limits), tokens);
                bool isWhole = IsWhole(result, answer);
                if (result.Error is not null) failed++;
                else if (isWhole) whole++;
                else cut++;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"case {i} of {tokens} tokens, {result.Value.Kind}: {fault.Message}", fault);
            }
        }

        // The generator has to reach all of them, or the test shows nothing.
        Assert.True(whole > 50 && cut > 50 && failed > 50, $"{whole} whole, {cut} cut, {failed} failed");
    }

    [Fact]
    public void A_run_that_goes_on_prints_within_the_budget()
    {
        var made = new GeneratedResults(7);
        for (int i = 0; i < TestSize.Of(500, 10_000); i++)
        {
            int tokens = made.Tokens();
            string printed = made.Result().Stdout;

            JsonElement answer = Within(CodeAnswer.Running(new string('f', 32), printed, new AnswerLimits(tokens, 0, false)), tokens);

            Assert.Equal(printed.Length > 0, answer.TryGetProperty("console", out JsonElement console));
            if (printed.Length > 0) Assert.Equal(!AnswerCheck.IsWhole(printed, console.GetString()!), answer.TryGetProperty("leftOut", out _));
        }
    }

    [Fact]
    public void An_error_before_the_run_is_within_the_budget()
    {
        var made = new GeneratedResults(11);
        for (int i = 0; i < TestSize.Of(500, 10_000); i++)
        {
            int tokens = made.Tokens();
            ExecutionError error = made.Error();

            JsonElement answer = Within(CodeAnswer.Of(error, tokens), tokens);

            _ = AnswerCheck.IsWhole(error.ToModelText(), answer.GetProperty("error").GetString()!);
        }
    }

    [Fact]
    public void Names_that_differ_only_in_lone_surrogates_are_counted_where_one_is_lost()
    {
        ScriptValue value = ScriptValue.From(new Dictionary<string, object?> { ["\ud800"] = 1, ["\ud801"] = 2, ["\ufffd"] = 3 });

        JsonElement answer = Within(CodeAnswer.Of(Result(value), new AnswerLimits(1000, 0, false)), 1000);

        Assert.Equal("2 of 3 members", answer.GetProperty("value").GetProperty("...").GetString());
        Assert.True(answer.TryGetProperty("leftOut", out _));
    }

    [Fact]
    public void A_note_does_not_take_the_place_of_a_member_with_its_name()
    {
        var members = Enumerable.Range(0, 1000).ToDictionary((i) => $"m{i}", (i) => (object?)i);
        ScriptValue value = ScriptValue.From(new Dictionary<string, object?>(members.Prepend(new("...", "mine"))));

        JsonElement shown = Within(CodeAnswer.Of(Result(value), new AnswerLimits(300, 0, false)), 300).GetProperty("value");

        Assert.Equal("mine", shown.GetProperty("...").GetString());
        Assert.EndsWith("of 1001 members", shown.GetProperty("....").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_dots_do_not_make_the_note_longer_than_its_room()
    {
        ScriptValue value = ScriptValue.From(Enumerable.Range(3, 200).ToDictionary((dots) => new string('.', dots), (_) => (object?)"text"));
        for (int tokens = 200; tokens < 3_000; tokens += 50)
            Assert.True(Within(CodeAnswer.Of(Result(value), new AnswerLimits(tokens, 0, false)), tokens).TryGetProperty("leftOut", out _));
    }

    [Fact]
    public void One_long_name_does_not_hide_the_members_behind_it()
    {
        ScriptValue value = ScriptValue.From(new Dictionary<string, object?> { [new string('k', 5000)] = 1, ["total"] = 42 });

        JsonElement shown = Within(CodeAnswer.Of(Result(value), new AnswerLimits(300, 0, false)), 300).GetProperty("value");

        Assert.Equal(42, shown.GetProperty("total").GetInt32());
        Assert.Equal("1 of 2 members", shown.GetProperty("...").GetString());
    }

    [Fact]
    public void Warnings_beyond_the_first_ten_are_counted()
    {
        GuardIssue[] many = [.. Enumerable.Range(0, 25).Select((i) =>
            new GuardIssue(ToolCallRules.Names.Name, "UNKNOWN_TOOL", $"tool {i}", IssueSeverity.Warning))];

        Assert.EndsWith("\nand 15 more places", ErrorModelText.OfWarnings(many), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_message_in_an_error_is_cut_with_its_number()
    {
        var error = new ExecutionError { Code = ErrorCode.RuntimeError, Name = "Error", Message = new string('m', 5_000) };

        Assert.Contains("m… (4500 more characters)", error.ToModelText(), StringComparison.Ordinal);
    }

    private static ExecutionResult Result(ScriptValue value) => new() { Value = value, Error = null, Stdout = "", Stats = new ExecutionStats() };

    /// <summary>The answer as a client reads it.</summary>
    private static JsonElement Within(CodeReply reply, int tokens)
    {
        using var read = JsonDocument.Parse(reply.Text, s_clients);
        JsonElement answer = read.RootElement.Clone();
        // As the most cautious encoder writes it: some clients escape all that is not ASCII.
        int characters = JsonNode.Parse(reply.Text)!.ToJsonString().Length;
        Assert.True(Math.Max(characters, reply.Text.Length) <= tokens * CharactersOfToken, $"{characters} characters for {tokens} tokens: {reply.Text}");
        return answer;
    }

    private static bool IsWhole(ExecutionResult result, JsonElement answer)
    {
        bool isWhole = true;
        if (result.Error is { } error) isWhole = AnswerCheck.IsWhole(error.ToModelText(), answer.GetProperty("error").GetString()!);
        else if (answer.TryGetProperty("error", out JsonElement tooDeep)) Assert.Contains("deeper than", tooDeep.GetString(), StringComparison.Ordinal);
        else isWhole = AnswerCheck.IsWhole(result.Value, answer.GetProperty("value"));
        bool isPrinted = result.Stdout.Length == 0 || AnswerCheck.IsWhole(result.Stdout, answer.GetProperty("console").GetString()!);
        bool isTold = answer.TryGetProperty("leftOut", out JsonElement leftOut);
        if (result.Error is not null || answer.TryGetProperty("error", out _)) return isWhole;
        Assert.Equal(isWhole && isPrinted, !isTold);
        if (!isTold) return true;
        Assert.Contains(isWhole ? "rint less" : "eturn less", leftOut.GetString(), StringComparison.Ordinal);
        if (!isWhole) Assert.Contains("slice", leftOut.GetString(), StringComparison.Ordinal);
        return isWhole;
    }
}

using System.Text.Json;
using Enclave.Guard;
using Enclave.Tests;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>A host of scripts as one function of a model.</summary>
public sealed class CodeFunctionTests : IAsyncLifetime
{
    private EnclaveHost _enclave = null!;

    public ValueTask InitializeAsync()
    {
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions([AIFunctionFactory.Create((int limit) => Enumerable.Range(1, limit).ToArray(), "numbers", "Numbers from one on.")]);
        _enclave = new EnclaveHost(options);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _enclave.DisposeAsync();

    [Fact]
    public async Task It_runs_what_a_model_writes_and_gives_the_value()
    {
        AIFunction function = _enclave.AsAIFunction();

        Assert.Equal("run_code", function.Name);
        Assert.Contains("callTool(name: 'numbers'", function.Description, StringComparison.Ordinal);
        Assert.Contains("Numbers from one on.", function.Description, StringComparison.Ordinal);
        Assert.Equal("{\"value\":6}", await Call(function, "const all = await callTool('numbers', { limit: 3 }); return all.reduce((a, b) => a + b, 0)"));
        Assert.Equal("{\"value\":null,\"console\":\"hi\\n\"}", await Call(function, "console.log('hi'); return null"));
    }

    [Theory]
    [InlineData("Here you go:\n\n```js\nconst a = 6;\nreturn a * 7\n```\nIt multiplies.")]
    [InlineData("```ts\nconst a: number = 6;\nreturn a * 7 as number\n```")]
    [InlineData("async () => 6 * 7")]
    [InlineData("async function main() { return 6 * 7 }")]
    [InlineData("async function main() { return 6 * 7 }\nmain().catch(console.error);")]
    [InlineData("export default async () => { return 6 * 7 }")]
    [InlineData("const a: number = 6; return a * 7")]
    [InlineData("export const result = 6 * 7")]
    [InlineData("module.exports = 6 * 7")]
    [InlineData("async function run({ callTool }) { return (await callTool('numbers', { limit: 42 })).length }")]
    [InlineData("const all = await callTool('numbers', { limit: 42 });\nsize(all);\nfunction size(list) { return list.length }")]
    public async Task The_forms_that_models_send_run_as_they_are_meant(string code) =>
        Assert.Equal("{\"value\":42}", await Call(_enclave.AsAIFunction(), code));

    [Theory]
    [InlineData("const f = (a) => a * 7;\nf(6)", "{\"value\":42}")]
    [InlineData("const double = (a) => a * 2;\nconst text = 'a ``` b';\nreturn [double(1), text.length]", "{\"value\":[2,7]}")]
    [InlineData("1 + 1", "{\"value\":2}")]
    public async Task A_plain_script_runs_as_it_is(string code, string answer) => Assert.Equal(answer, await Call(_enclave.AsAIFunction(), code));

    private static string Nested(int depth) => $"let value = 1; for (let i = 0; i < {depth}; i++) value = {{ a: value }}; return value";

    [Theory]
    [InlineData("return 'a\\ud800b'", "{\"value\":\"a\uFFFDb\"}")]
    [InlineData("return { ['\\ud800']: 'a\\\\ud800 \\ud83d\\ude00' }", "{\"value\":{\"\uFFFD\":\"a\\\\ud800 \\uD83D\\uDE00\"}}")]
    [InlineData("console.log('\\udc00'); return 1", "{\"value\":1,\"console\":\"\uFFFD\\n\"}")]
    public async Task Text_that_JSON_cannot_carry_does_not_lose_the_answer(string code, string answer) =>
        Assert.Equal(answer, await Call(_enclave.AsAIFunction(), code));

    [Theory]
    [InlineData(50, "\"value\":{\"a\"")]
    [InlineData(63, "What its tool calls did stays done")]
    [InlineData(90, "What its tool calls did stays done")]
    public async Task A_value_that_is_too_deep_is_an_error_that_says_what_stays_done(int depth, string words)
    {
        await using var enclave = new EnclaveHost(new EnclaveOptions { SecurityLevel = SecurityLevel.Permissive });

        Assert.Contains(words, await Call(enclave.AsAIFunction(), Nested(depth)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```js\nreturn 1\n```\nor\n```js\nreturn 2\n```", "VALIDATION_ERROR: the script was refused before it ran. The answer has 2 blocks of code")]
    [InlineData("```python\nprint(1)\n```", "in one block that begins with ```js.")]
    [InlineData("async (orders) => orders.length", "gets no value for its parameter orders")]
    [InlineData("", "The answer is empty: send a program.")]
    [InlineData("I cannot do that without a tool.", "The answer is not a program: send the program alone")]
    [InlineData("def f(x):", "Write const f = (x) => { … }.")]
    [InlineData("const a = 1;\nreturn a +;", "- line 2: PARSE_ERROR")]
    [InlineData("Sure:\n```js\nconst a = 1;\nreturn eval(a)\n```", "- line 4: NO_EVAL")]
    [InlineData("Sure:\n```js\nconst a = 1;\nreturn a +;\n```", "- line 4: PARSE_ERROR")]
    [InlineData("Sure:\n```js\nasync function main() {\n  const a = null;\n  return a.b;\n}\nmain();\n```", "line 5: the script threw an error")]
    public async Task An_answer_without_one_program_says_what_to_send_and_lines_are_those_of_the_answer(string code, string words) => Assert.Contains(
        words, JsonElement.Parse(await Call(_enclave.AsAIFunction(), code)).GetProperty("error").GetString(), StringComparison.Ordinal);

    [Fact]
    public async Task A_language_of_the_runs_options_goes_before_that_of_the_block()
    {
        AIFunction function = _enclave.AsAIFunction(new CodeFunctionOptions { Run = new RunOptions { Language = ScriptLanguage.JavaScript } });

        Assert.Contains("PARSE_ERROR", await Call(function, "```ts\nconst a: number = 1; return a\n```"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("while (true) {}", "Instead:")]
    [InlineData("return await callTool('number', { limit: 1 })", "did you mean numbers?")]
    [InlineData("return await callTool('numbers', { limit: 'x' })", "expected an integer")]
    public async Task A_failure_is_told_in_the_words_for_models(string code, string words)
    {
        string answer = await Call(_enclave.AsAIFunction(), code);

        Assert.StartsWith("{\"error\":", answer, StringComparison.Ordinal);
        Assert.Contains(words, JsonElement.Parse(answer).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_code_is_told_what_is_missing() =>
        Assert.Contains("code is missing",
            (await _enclave.AsAIFunction().InvokeAsync(new AIFunctionArguments { ["script"] = "return 1" }, TestContext.Current.CancellationToken))!
                .ToString()!, StringComparison.Ordinal);

    [Fact]
    public async Task Each_call_may_have_a_tenant_of_its_own()
    {
        var options = new EnclaveOptions();
        options.Tools.Add("who", (ToolContext context) => context.Tenant);
        await using var enclave = new EnclaveHost(options);
        AIFunction function = enclave.AsAIFunction(
            new CodeFunctionOptions { ForCall = (arguments, run) => run with { Tenant = (string)arguments.Context!["tenant"]! } });

        object? answer = await function.InvokeAsync(
            new AIFunctionArguments { ["code"] = "return await callTool('who')", Context = new Dictionary<object, object?> { ["tenant"] = "acme" } },
                TestContext.Current.CancellationToken);

        Assert.Equal("{\"value\":\"acme\"}", answer!.ToString());
    }

    [Fact]
    public async Task Cancelling_the_call_ends_the_run()
    {
        using var stop = new CancellationTokenSource();
        var called = new TaskCompletionSource();
        var run = new RunOptions
        {
            Tools = new ToolCollection().Add("wait", async (CancellationToken token) =>
            { called.SetResult(); await Task.Delay(Timeout.Infinite, token); })
        };

        Task<object?> answer = _enclave.AsAIFunction(new CodeFunctionOptions { Run = run }).InvokeAsync(
            new AIFunctionArguments { ["code"] = "await callTool('wait')" }, stop.Token).AsTask();
        await Within.Deadline(called.Task, "call");
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Theory]
    [InlineData("const result = 1 + 1;", "The script returned nothing and printed nothing: end it with return and a value")]
    [InlineData("console.log('said')", null)]
    [InlineData("return null", null)]
    [InlineData("1 + 1", null)]
    public async Task A_script_that_says_nothing_is_told_so(string code, string? words)
    {
        string answer = await Call(_enclave.AsAIFunction(), code);

        if (words is null) Assert.DoesNotContain("returned nothing", answer, StringComparison.Ordinal);
        else Assert.Contains(words, JsonElement.Parse(answer).GetProperty("warnings").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_of_a_model_has_the_whole_language_unless_rules_are_chosen()
    {
        const string Code = "class A { m(n) { let i = 0; while (i < n) i++; return new RegExp('3').test(`${i}`) } }\nreturn new A().m(3)";
        await using var chosen = new EnclaveHost(new EnclaveOptions { Preset = GuardPreset.AgentScript });
        AIFunction function = _enclave.AsAIFunction(), restricted = chosen.AsAIFunction();

        Assert.Equal("{\"value\":true}", await Call(function, Code));
        Assert.Contains("VALIDATION_ERROR", await Call(restricted, Code), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ValidationError, (await _enclave.RunAsync(Code, null, TestContext.Current.CancellationToken)).Error?.Code);
        Assert.NotEqual(function.Description, restricted.Description);
    }

    private static async Task<string> Call(AIFunction function, string code) =>
        (await function.InvokeAsync(new AIFunctionArguments { ["code"] = JsonSerializer.SerializeToElement(code) }, TestContext.Current.CancellationToken))!
            .ToString()!;
}

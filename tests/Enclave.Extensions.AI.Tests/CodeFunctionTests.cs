using System.Text.Json;
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
    [InlineData("while (true) {}", "Instead:")]
    [InlineData("return await callTool('number', { limit: 1 })", "did you mean numbers?")]
    [InlineData("return await callTool('numbers', { limit: 'x' })", "expected an integer")]
    public async Task What_went_wrong_is_told_in_the_words_for_models(string code, string words)
    {
        string answer = await Call(_enclave.AsAIFunction(), code);

        Assert.StartsWith("{\"error\":", answer, StringComparison.Ordinal);
        Assert.Contains(words, JsonElement.Parse(answer).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_is_too_long_is_an_error_that_says_what_to_do()
    {
        AIFunction function = _enclave.AsAIFunction(new CodeFunctionOptions { MaxResultCharacters = 100 });

        Assert.Contains("longer than 100 characters. Return less", await Call(function, "return await callTool('numbers', { limit: 100 })"),
            StringComparison.Ordinal);
        Assert.Contains("more characters are left out", await Call(function, "console.log('x'.repeat(200)); return 1"), StringComparison.Ordinal);
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

    private static async Task<string> Call(AIFunction function, string code) =>
        (await function.InvokeAsync(new AIFunctionArguments { ["code"] = JsonSerializer.SerializeToElement(code) }, TestContext.Current.CancellationToken))!
            .ToString()!;
}

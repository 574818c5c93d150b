using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>Hosts with thousands of tools as functions of a model.</summary>
public sealed class CatalogueFunctionTests : IAsyncLifetime
{
    private EnclaveHost _enclave = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var options = new EnclaveOptions();
        for (int i = 0; i < 2_000; i++)
            options.Tools.Add($"shop:item_{i}", (int id) => id, new ToolOptions { Description = $"Gets item {i} of the shop, with all that is known of it." });
        options.Tools.Add("mail:send", (string to) => $"sent to {to}", new ToolOptions { Description = "Sends a letter.", AllowedTenants = ["north"] });
        _enclave = new EnclaveHost(options);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _enclave.DisposeAsync();

    [Theory]
    [InlineData(1_000)]
    [InlineData(4_000)]
    public async Task The_description_of_2000_tools_stays_within_its_budget(int tokens)
    {
        await using var without = new EnclaveHost(new EnclaveOptions { ToolHandler = (_, _, _) => default });
        int rest = without.AsAIFunction().Description.Length;

        string text = _enclave.AsAIFunction(new CodeFunctionOptions { MaxToolTokens = tokens }).Description;

        Assert.InRange(text.Length - rest, 100, tokens * 3);
        Assert.Contains("shop: 2000", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_finds_a_tool_reads_its_declaration_and_calls_it()
    {
        IReadOnlyList<AIFunction> functions = _enclave.AsAIFunctions(new CodeFunctionOptions { Run = new RunOptions { Tenant = "north" } });

        JsonElement found = await Call(functions[1], new() { ["query"] = "sending letters", ["limit"] = 3 });
        string declared = (await Call(functions[2], new() { ["names"] = new[] { "mail:send", "none" } })).GetString()!;
        JsonElement ran = await Call(functions[0], new() { ["code"] = "return await callTool('mail:send', { to: 'ann' })" });

        Assert.Equal(["run_code", "search_tools", "describe_tools"], functions.Select((function) => function.Name));
        Assert.Equal("mail:send", found[0].GetProperty("name").GetString());
        Assert.Contains("declare function callTool(name: 'mail:send', args: { to: string })", declared, StringComparison.Ordinal);
        Assert.Contains("// There is no tool none", declared, StringComparison.Ordinal);
        Assert.Equal("sent to ann", ran.GetProperty("value").GetString());
    }

    [Fact]
    public async Task Tools_of_another_tenant_are_neither_found_nor_declared()
    {
        IReadOnlyList<AIFunction> functions = _enclave.AsAIFunctions(new CodeFunctionOptions { ForCall = (call, run) => run with { Tenant = "south" } });

        Assert.Equal(0, (await Call(functions[1], new() { ["query"] = "send a letter", ["limit"] = 1_000 })).EnumerateArray()
            .Count((tool) => tool.GetProperty("name").GetString() == "mail:send"));
        Assert.Equal("// There is no tool mail:send\n", (await Call(functions[2], new() { ["names"] = new[] { "mail:send" } })).GetString());
    }

    [Fact]
    public async Task Names_beyond_those_of_one_call_are_told()
    {
        AIFunction describe = _enclave.AsAIFunctions()[2];
        string[] names = [.. Enumerable.Range(0, 101).Select((i) => $"none{i}")];

        string whole = (await Call(describe, new() { ["names"] = names[..100] })).GetString()!;
        string cut = (await Call(describe, new() { ["names"] = names })).GetString()!;

        Assert.Contains("none99", whole, StringComparison.Ordinal);
        Assert.Equal(whole + "// The first 100 of 101 names: ask for the others in another call.\n", cut);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(1_000_001)]
    public void A_budget_out_of_its_range_is_refused(int tokens) =>
        Assert.Throws<ArgumentException>(() => _enclave.AsAIFunction(new CodeFunctionOptions { MaxToolTokens = tokens }));

    private static async Task<JsonElement> Call(AIFunction function, AIFunctionArguments arguments) =>
        (JsonElement)(await function.InvokeAsync(arguments, Token))!;
}

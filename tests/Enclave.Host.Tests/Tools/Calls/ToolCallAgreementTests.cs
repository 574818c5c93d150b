using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tests;
using Enclave.Tools;

namespace Enclave.Host.Tests.Tools.Calls;

/// <summary>Whatever is refused before the run, the host refuses when the call is made: no call that fits is ever refused.</summary>
public sealed class ToolCallAgreementTests(ITestOutputHelper output)
{
    private const string Before = "let later = {}; later = { limit: 3 }; const fixed = 7; let unknown = {}; unknown = { text: 'x' };\n";

    [Fact]
    public async Task Calls_of_tools_with_schemas_are_refused_only_if_the_host_refuses_them()
    {
        var random = new Random(42);
        var calls = new RandomCalls(random);
        await using EnclaveHost host = Host();
        var count = new Count();
        for (int i = 0; i < TestSize.Of(300, 6_000); i++)
        {
            if (Create(calls.Object()) is not { } tool) continue;
            Compare(host, tool, calls, 25, count);
        }

        output.WriteLine(count.ToString());
        Assert.True(count.Refused > 1_000, count.ToString());
    }

    [Fact]
    public async Task Calls_of_functions_are_refused_only_if_the_host_refuses_them()
    {
        var calls = new RandomCalls(new Random(43));
        await using EnclaveHost host = Host();
        var count = new Count();
        ToolCollection tools = new ToolCollection()
            .Add("one", (Args args, ToolContext context, CancellationToken token) => Task.FromResult(1))
            .Add("two", (Loose args, ToolContext context, CancellationToken token) => Task.FromResult(1))
            .Add("three", (int a, string? name, Order b = Order.Age, double[]? limit = null) => 1)
            .Add("four", (Dictionary<string, int?> args, ToolContext context, CancellationToken token) => Task.FromResult(1))
            .Add("five", (JsonElement args, ToolContext context, CancellationToken token) => Task.FromResult(1));
        foreach (ToolDefinition tool in tools) Compare(host, tool, calls, TestSize.Of(2_000, 40_000), count);

        output.WriteLine(count.ToString());
        Assert.True(count.Refused > 1_000, count.ToString());
    }

    private static void Compare(EnclaveHost host, ToolDefinition tool, RandomCalls calls, int times, Count count)
    {
        var tools = new ToolCollection().Add(tool);
        var run = new RunOptions { Tools = tools };
        for (int i = 0; i < times; i++)
        {
            (string text, ScriptValue value) = calls.Arguments();
            string code = $"{Before}return await callTool('{tool.Name}', {text})";
            bool isRefused = !host.Validate(code, run).Valid;
            bool fits = Fits(tool, value);
            Assert.False(isRefused && fits, $"{tool.ArgumentsSchema.ToJsonString()}\n{code}\n{string.Join('\n', host.Validate(code, run).Issues)}");
            count.All++;
            if (!fits) count.Wrong++;
            if (isRefused) count.Refused++;
        }
    }

    /// <summary>The host's own answer.</summary>
    private static bool Fits(ToolDefinition tool, ScriptValue value)
    {
        try
        {
            var context = new ToolContext(null, null, "test", CancellationToken.None);
            ArgumentBinder.Bind(tool, value, new ArgumentWork(TimeSpan.FromMinutes(1)), context, verbose: false);
            return true;
        }
        catch (ToolException)
        {
            return false;
        }
    }

    private static ToolDefinition? Create(JsonObject schema)
    {
        try
        {
            return ToolDefinition.Create("tool", JsonElement.Parse(schema.ToJsonString()), (args, context, token) => new(1));
        }
        catch (ArgumentException)
        {
            // A schema that arguments cannot be held to.
            return null;
        }
    }

    private static EnclaveHost Host() => new(new EnclaveOptions { SecurityLevel = SecurityLevel.Permissive, Preset = GuardPreset.JavaScript });

    private sealed class Count
    {
        public int All { get; set; }

        public int Wrong { get; set; }

        public int Refused { get; set; }

        public override string ToString() =>
            $"{All} calls, {Wrong} of them wrong, {Refused} refused before the run ({100.0 * Refused / Wrong:0.0} % of the wrong ones)";
    }

    private sealed record Args([Range(1, 3)] int A, string? Name, Order B = Order.Age, int[]? Limit = null, Inner? Id = null);

    private sealed record Inner(bool A, decimal? B, Dictionary<string, string>? Name);

    private sealed class Loose
    {
        public required object A { get; init; }

        public JsonElement B { get; init; }

        public DateTime? Name { get; init; }

        public char Id { get; init; }

        public long[][]? Limit { get; init; }
    }

    private enum Order
    {
        Age,
        Yes,
        X,
    }
}

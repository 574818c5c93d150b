using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Enclave.Protocol;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Host.Tests.Tools;

/// <summary>Plain functions, and methods with an attribute.</summary>
public sealed class FunctionToolTests
{
    [Fact]
    public async Task A_function_is_called_with_the_members_that_its_parameters_name()
    {
        ToolCollection tools = Tools((tools) => tools
            .Add("sum", (int a, int b) => a + b)
            .Add("greet", async (string name, string greeting = "Hello", ToolContext? context = null, CancellationToken token = default) =>
            {
                await Task.Yield();
                Assert.False(token.IsCancellationRequested);
                return $"{greeting} {name} of {context!.Tenant}";
            })
            .Add("nothing", () => { })
            .Add("list", (IReadOnlyList<int> items, Unit unit, string? note) => new { Count = items.Count, Unit = unit, note })
            .Add("one", (int limit, ToolContext context, CancellationToken token) => Task.FromResult(limit))
            .Add("value", (ScriptValue any, bool flag) => new ValueTask<string>(any.Kind.ToString())));

        Assert.Equal("5", await Answer(tools, "callTool('sum', { a: 2, b: 3 })"));
        Assert.Equal("\"Hello Ann of acme\"", await Answer(tools, "callTool('greet', { name: 'Ann' })"));
        Assert.Equal("null", await Answer(tools, "callTool('nothing')"));
        Assert.Equal("{\"count\":2,\"unit\":\"Gram\",\"note\":null}", await Answer(tools, "callTool('list', { items: [1, 2], unit: 'Gram', note: null })"));
        Assert.Equal("7", await Answer(tools, "callTool('one', { limit: 7 })"));
        Assert.Equal("\"Date\"", await Answer(tools, "callTool('value', { any: new Date(0), flag: true })"));
    }

    [Theory]
    [InlineData("{ a: 2 }", "$.b is missing; expected an integer")]
    [InlineData("{ a: 2, b: '3' }", "$.b is \"3\"; expected an integer")]
    [InlineData("{ a: 2, b: 3, c: 4 }", "$.c is not known; expected a, b")]
    [InlineData("{ a: 2, b: 3000000000 }", "$.b is not in the range or form of its type")]
    [InlineData("{ a: 200, b: 1 }", "$.a: The field a must be between 1 and 100")]
    [InlineData("{ a: null, b: 1 }", "$.a is null; expected an integer")]
    public async Task Members_that_do_not_fit_are_refused_before_the_call(string arguments, string why)
    {
        int calls = 0;
        ToolCollection tools = Tools((tools) => tools.Add("sum", ([Range(1, 100)] int a, int b) => calls++ + a + b));

        Assert.Equal($"\"TOOL_INVALID_ARGUMENTS the arguments of sum do not fit: {why.Replace("\"", "\\\"", StringComparison.Ordinal)}\"", await Answer(
            tools, $"callTool('sum', {arguments}).catch((e) => e.code + ' ' + e.message)"));
        Assert.Equal(0, calls);
    }

    [Fact]
    public void Its_schema_has_types_defaults_annotations_and_nested_types()
    {
        ToolDefinition tool = Tools((tools) => tools.Add(
            "find",
            [Description("Finds.")] ([Description("What.")] string text, Node tree, [Range(1, 9)] int limit = 3) => Array.Empty<Node>())).Single();

        Assert.Equal("Finds.", tool.Description);
        Assert.Equal("""{"type":"string","description":"What."}""", tool.ArgumentsSchema["properties"]!["text"]!.ToJsonString());
        Assert.Equal("""{"type":"integer","minimum":1,"maximum":9,"default":3}""", tool.ArgumentsSchema["properties"]!["limit"]!.ToJsonString());
        Assert.Equal("#/properties/tree", (string)tool.ArgumentsSchema["properties"]!["tree"]!["properties"]!["parts"]!["items"]!["$ref"]!);
        Assert.Equal("""["text","tree"]""", tool.ArgumentsSchema["required"]!.ToJsonString());
        Assert.Equal("array", (string)tool.ResultSchema["type"]!);
    }

    [Fact]
    public void A_parameter_that_no_script_can_give_is_named()
    {
        Assert.Contains("the parameter store of type", Assert.Throws<ArgumentException>(
            () => new ToolCollection().Add("a", (int id, IServiceProvider store) => id)).Message, StringComparison.Ordinal);
        Assert.Contains("AddTool(name, function)", Assert.Throws<ArgumentException>(
            () => new ToolCollection().Add("a", (int id, IDisposable store) => id)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ToolCollection().Add("a b", (int id) => id));
    }

    [Fact]
    public async Task The_text_of_a_functions_exception_stays_in_the_host()
    {
        ToolCollection tools = Tools((tools) => tools
            .Add("leak", string (int id) => throw new InvalidOperationException("password=hunter2"))
            .Add("late", async Task<string> (int id) => { await Task.Yield(); throw new InvalidOperationException("password=hunter2"); }));

        Assert.Equal("\"TOOL_FAILED leak failed\"", await Answer(tools, "callTool('leak', { id: 1 }).catch((e) => e.code + ' ' + e.message)"));
        Assert.Equal("\"TOOL_FAILED late failed\"", await Answer(tools, "callTool('late', { id: 1 }).catch((e) => e.code + ' ' + e.message)"));
    }

    [Fact]
    public async Task Methods_with_the_attribute_are_tools()
    {
        var desk = new OrderDesk();
        ToolCollection tools = Tools((tools) => tools.AddMethods(desk, "orders"));

        Assert.Equal(["orders:find", "orders:remove_all", "orders:count"], tools.Select((tool) => tool.Name));
        Assert.Equal("Finds an order.", tools.First().Description);
        Assert.Equal(ToolEffects.Reads, tools.First().Options.Effects);
        Assert.Equal(TimeSpan.FromSeconds(2), tools.First().Options.Timeout);
        Assert.True(tools.ElementAt(1).Options.RequiresApproval);
        Assert.Equal(1, tools.ElementAt(1).Options.MaxCalls);
        Assert.Equal("{\"id\":4}", await Answer(tools, "callTool('orders:find', { id: 4 })"));
        Assert.Equal("12", await Answer(tools, "callTool('orders:count')"));
        Assert.Contains("no method with [EnclaveTool]", Assert.Throws<ArgumentException>(() => new ToolCollection().AddMethods(new object())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_of_the_application_are_parameters_too_with_a_scope_for_each_call()
    {
        var services = new ServiceCollection();
        services.AddScoped<Visit>();
        services.AddKeyedSingleton("eu", new Region("Dublin"));
        services.AddEnclave((options) => options.Adapter = EnclaveAdapter.Embedded)
            .AddTool("visit", (int id, Visit visit, Visit again, [FromKeyedServices("eu")] Region region, CancellationToken token) =>
                $"{id} {visit.Number == again.Number} {region.City}")
            .AddTools<VisitDesk>("desk");
        await using ServiceProvider application = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        var enclave = application.GetRequiredService<IEnclave>();

        ExecutionResult result = await enclave.RunAsync(
            "return [await callTool('visit', { id: 1 }), await callTool('desk:number'), await callTool('desk:number')]");

        Assert.Equal("[\"1 True Dublin\",2,3]", result.Value.ToJsonString());
        Assert.DoesNotContain("Visit", enclave.DescribeForModel(), StringComparison.Ordinal);
    }

    private static ToolCollection Tools(Action<ToolCollection> add)
    {
        var tools = new ToolCollection();
        add(tools);
        return tools;
    }

    private static async Task<string> Answer(ToolCollection tools, string call)
    {
        var options = new EnclaveOptions { OnToolApproval = (request) => new(ToolApproval.Approved) }.WithoutGuard();
        await using var host = new EnclaveHost(options);
        ExecutionResult result = await host.RunAsync($"return await {call}", new RunOptions { Tenant = "acme", Tools = tools });
        Assert.True(result.Success, result.Error?.Message);
        return result.Value.ToJsonString();
    }

    private enum Unit
    {
        Gram,
    }

    private sealed record Node(int Id, Node[] Parts);

    private sealed class OrderDesk
    {
#pragma warning disable CA1822 // tools are found among methods of instances
        [EnclaveTool(Description = "Finds an order.", Effects = ToolEffects.Reads, TimeoutMilliseconds = 2000)]
        public Task<object> FindAsync(int id) => Task.FromResult<object>(new { id });
#pragma warning restore CA1822

        [EnclaveTool("remove_all", RequiresApproval = true, MaxCalls = 1)]
        public void RemoveAll() => Unused();

        [EnclaveTool]
        private static int Count() => 12;

        private void Unused() => _ = this;
    }

    private sealed record Region(string City);

    private sealed class Visit
    {
        private static int s_visits;

        public int Number { get; } = Interlocked.Increment(ref s_visits);
    }

    private sealed class VisitDesk(Visit visit)
    {
        [EnclaveTool]
        public int Number() => visit.Number;
    }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Tools;

/// <summary>The conversion of a script's object to C#, and the error if it does not fit.</summary>
public sealed class ToolArgumentTests : IAsyncLifetime
{
    private readonly EnclaveHost _host;
    private Order? _order;

    public ToolArgumentTests()
    {
        EnclaveOptions options = new EnclaveOptions().WithoutGuard();
        options.Tools.Add("order", (Order order, ToolContext context, CancellationToken token) =>
        {
            _order = order;
            return Task.FromResult(true);
        });
        options.Tools.Add("raw", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(args));
        options.Tools.Add("json", (JsonElement args, ToolContext context, CancellationToken token) => Task.FromResult(args.GetRawText()));
        options.Tools.Add("counts", (Dictionary<string, int> args, ToolContext context, CancellationToken token) => Task.FromResult(args.Values.Sum()));
        options.Tools.Add("touchy", (Touchy args, ToolContext context, CancellationToken token) => Task.CompletedTask);
        options.Tools.Add("span", (Span args, ToolContext context, CancellationToken token) => Task.CompletedTask);
        options.Tools.Add("tree", (Forest args, ToolContext context, CancellationToken token) => Task.CompletedTask);
        _host = new EnclaveHost(options);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Arguments_arrive_as_the_tools_type()
    {
        ScriptValue value = await Value("""
            callTool('order', { customer: { name: 'Ann', mail: 'ann@example.com' }, lines: [{ sku: 'a-1', count: 2n }], due: new Date(0),
              id: 9007199254740993n, price: 1.5, note: undefined })
            """);

        Assert.True(value.AsBoolean());
        Assert.Equal("Ann", _order!.Customer.Name);
        Assert.Equal(new Line("a-1", 2), Assert.Single(_order.Lines));
        Assert.Equal((DateTimeOffset.UnixEpoch, 9007199254740993L, 1.5m, null, Speed.Normal), (_order.Due, _order.Id, _order.Price, _order.Note, _order.Speed));
    }

    [Fact]
    public async Task A_tool_that_wants_the_scripts_own_values_gets_them()
    {
        Assert.Equal("[\"bigint\",true,1]", (await Value("(async () => { const v = await callTool('raw', { n: 1n, d: new Date(0), b: new Uint8Array([1]) }); " +
            "return [typeof v.n, v.d instanceof Date, v.b.length] })()")).ToJsonString());
        Assert.Equal("{\"a\":[1]}", (await Value("callTool('json', { a: [1] })")).AsString());
        Assert.Equal(5, (await Value("callTool('counts', { a: 2, b: 3 })")).AsDouble());
    }

    [Theory]
    [InlineData("{}", "$.customer is missing; expected an object")]
    [InlineData("{ customer: { name: 'a' } }", "$.lines is missing; expected an array")]
    [InlineData("{ customer: { name: 1 }, lines: [] }", "$.customer.name is 1; expected a string")]
    [InlineData("{ customer: { name: null }, lines: [] }", "$.customer.name is null; expected a string")]
    [InlineData("{ customer: 'Ann', lines: [] }", "$.customer is \"Ann\"; expected an object")]
    [InlineData("{ customer: { name: 'a' }, lines: [{ sku: 'a', count: 1 }, { sku: 'a', count: '1' }] }", "$.lines[1].count is \"1\"; expected an integer")]
    [InlineData("{ customer: { name: 'a' }, lines: [{ sku: 'a', count: 1.5 }] }", "$.lines[0].count is 1.5; expected an integer")]
    [InlineData("{ customer: { name: 'a' }, lines: [{ sku: 'a', count: NaN }] }", "$.lines[0].count is NaN: JSON knows no such number")]
    [InlineData("{ customer: { name: 'a' }, lines: [{ sku: 'a', count: 3000000000 }] }", "$.lines[0].count is not in the range or form of its type")]
    [InlineData("{ customer: { name: 'a' }, line: [] , lines: [] }", "$.line is not known; did you mean lines?")]
    [InlineData("{ customer: { name: 'a', Name: 'b' }, lines: [] }", "$.customer.Name is not known; did you mean name?")]
    [InlineData("{ customer: { name: 'a' }, lines: [], speed: 'Warp' }", "$.speed is \"Warp\"; expected one of \"Normal\", \"Fast\"")]
    [InlineData("{ customer: { name: 'a' }, lines: [], speed: 0 }", "$.speed is 0; expected one of \"Normal\", \"Fast\"")]
    [InlineData("{ customer: { name: 'a' }, lines: [], due: 'tomorrow' }", "$.due is not in the range or form of its type")]
    [InlineData("{ customer: { name: '' }, lines: [] }", "$.customer.name: The name field is required")]
    [InlineData("{ customer: { name: 'a', mail: 'nobody' }, lines: [] }", "$.customer.mail: The mail field is not a valid e-mail address")]
    [InlineData(
        "{ customer: { name: 'a' }, lines: [{ sku: 'a', count: 1 }, { sku: 'a', count: 100 }] }", "$.lines[1].count: The field count must be between 1 and 99")]
    public async Task An_argument_that_does_not_fit_is_named_with_its_path_and_what_was_expected(string args, string expected)
    {
        ExecutionError error = await Refusal($"callTool('order', {args})");

        Assert.Equal($"the arguments of order do not fit: {expected}", error.Message);
        Assert.Null(_order);
    }

    [Fact]
    public async Task An_object_may_judge_itself() =>
        Assert.Equal("the arguments of span do not fit: $: from comes before to", (await Refusal("callTool('span', { from: 2, to: 1 })")).Message);

    [Fact]
    public async Task A_constructor_that_throws_tells_the_script_nothing_of_the_host() =>
        Assert.Equal("the arguments of touchy do not fit: they were refused", (await Refusal("callTool('touchy', { path: 'x' })")).Message);

    [Theory]
    [InlineData("(() => { let a = {}; for (let i = 0; i < 45; i++) a = { next: a }; return a })()")]
    [InlineData("{ next: '\\ud800' }")]
    [InlineData("{ '\\ud800': 1 }")]
    [InlineData("{ customer: 'x'.repeat(1000000) }")]
    public async Task No_value_is_too_odd_to_be_refused_politely(string args)
    {
        ExecutionError error = await Refusal($"callTool('order', {args})");

        Assert.True(error.Message.Length < 1000, error.Message);
        Assert.DoesNotContain(nameof(Order), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choices_within_choices_are_not_all_tried()
    {
        const string Deep =
            "(() => { let t = { $type: 'oak', leaf: 'x' }; for (let i = 0; i < 45; i++) t = { $type: i % 2 ? 'oak' : 'elm', next: t }; return t })()";

        Assert.StartsWith("the arguments of tree do not fit: $", (await Refusal($"callTool('tree', {{ root: {Deep} }})")).Message, StringComparison.Ordinal);
    }

    private async Task<ScriptValue> Value(string call)
    {
        ExecutionResult result = await Within.Deadline(_host.RunAsync($"return await {call}"), "answer");
        Assert.True(result.Success, result.Error?.Message);
        return result.Value;
    }

    private async Task<ExecutionError> Refusal(string call)
    {
        ExecutionResult result = await Within.Deadline(_host.RunAsync($"return await {call}"), "answer");
        Assert.Equal(ErrorCode.ToolError, result.Error?.Code);
        Assert.Equal("TOOL_INVALID_ARGUMENTS", result.Error!.Data!["code"]);
        return result.Error;
    }

    private sealed record Order(Customer Customer, IReadOnlyList<Line> Lines, DateTimeOffset? Due = null, long Id = 0, decimal Price = 0, string? Note = null,
        Speed Speed = Speed.Normal);

    private sealed class Customer
    {
        [Required]
        public required string Name { get; init; }

        [EmailAddress]
        public string? Mail { get; init; }
    }

    private sealed record Line(string Sku, [Range(1, 99)] int Count);

    private sealed record Span(int From, int To) : IValidatableObject
    {
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => From <= To ? [] : [new ValidationResult("from comes before to")];
    }

    private sealed class Touchy
    {
        private readonly string _root = "/srv/secret";

        public string Path
        {
            get => _root;
            set => throw new InvalidOperationException($"{_root}/{value}");
        }
    }

    private sealed record Forest(Tree Root);

    [JsonPolymorphic]
    [JsonDerivedType(typeof(Oak), "oak")]
    [JsonDerivedType(typeof(Elm), "elm")]
    private abstract class Tree
    {
        public Tree? Next { get; init; }

        public int Leaf { get; init; }
    }

    private sealed class Oak : Tree;

    private sealed class Elm : Tree;

    private enum Speed
    {
        Normal,
        Fast,
    }
}

// A program that is compiled ahead: the ways to add tools and to give and read values that a user has, without reflection for JSON.
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using Enclave;
using Enclave.Durable;
using Enclave.Mcp.AspNetCore;
using Enclave.OpenApi;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

JsonContracts.Add(AppJson.Default);
int failures = 0;
var folder = Directory.CreateTempSubdirectory("enclave-ahead-");
try
{
    await FunctionsAsync();
    await ServicesAsync();
    await DurableAsync(folder.FullName);
    await OpenApiAsync(folder.FullName);
    await McpAsync();
}
finally
{
    folder.Delete(recursive: true);
}

Console.WriteLine(failures == 0 ? "the answer is 42" : $"{failures} failures");
return failures;

async Task FunctionsAsync()
{
    var options = new EnclaveOptions { VerboseErrors = true, WorkerPool = Pool() };
    options.Tools
        .Add("orders:list", (ListArgs args, ToolContext context, CancellationToken token) =>
            Task.FromResult(new[] { new Order("Ada", 40), new Order("Bob", 2.5) }.Take(args.Limit).ToArray()))
        .Add("add", (int a, int b) => a + b)
        .Add("later", async (int a, int b = 1) =>
        {
            await Task.Yield();
            return a - b;
        })
        .Add("point", async (double x) =>
        {
            await Task.Yield();
            return new Point(x, Color.Red);
        })
        .Add("soon", (string? word) => ValueTask.FromResult(new Point(word?.Length ?? -1, Color.Blue)))
        .Add("color", (Color color, IReadOnlyList<int> numbers) => Task.FromResult(color == Color.Blue ? numbers.Sum() : -1))
        .Add("tenant", (ToolContext context) => $"{context.Tenant} {((Order)context.Context!).Customer}")
        .Add("nothing", (CancellationToken token) => Task.CompletedTask)
        .AddMethods(new Clock());
    await using var enclave = new EnclaveHost(options);

    await IsAsync(enclave, "42.5", """
        const orders = await callTool('orders:list', { limit: 10 });
        return orders.reduce((sum, order) => sum + order.total, 0);
        """);
    await IsAsync(enclave, "1", "return (await callTool('orders:list', {})).length");
    await IsAsync(enclave, "42", "return await callTool('add', { a: 40, b: 2 })");
    await IsAsync(enclave, "41", "return await callTool('later', { a: 42 })");
    await IsAsync(enclave, """{"x":1.5,"color":"Red"}""", "return await callTool('point', { x: 1.5 })");
    await IsAsync(enclave, """[{"x":4,"color":"Blue"},{"x":-1,"color":"Blue"}]""",
        "return [await callTool('soon', { word: 'word' }), await callTool('soon', { word: null })]");
    await IsAsync(enclave, "6", "return await callTool('color', { color: 'Blue', numbers: [1, 2, 3] })");
    await IsAsync(enclave, "null", "return await callTool('nothing', {})");
    await IsAsync(enclave, "\"2026-01-31\"", "return await callTool('today', {})");
    await IsAsync(enclave, "\"TOOL_INVALID_ARGUMENTS\"", "try { await callTool('orders:list', { limit: 1000 }) } catch (e) { return e.code }");
    await IsAsync(enclave, "\"acme Ada\"", "return await callTool('tenant', {})", new RunOptions { Tenant = "acme", Context = new Order("Ada", 1) });
    await IsAsync(enclave, "[7,\"Bob\",[1,2],true]", "return [limit, order.customer, list, flags.on]", new RunOptions
    {
        Globals = new Dictionary<string, object?>
        {
            ["limit"] = 7,
            ["order"] = new Order("Bob", 1),
            ["list"] = new List<int> { 1, 2 },
            ["flags"] = new Dictionary<string, bool> { ["on"] = true },
        },
    });

    ExecutionResult read = await enclave.RunAsync("return { customer: 'Cy', total: 3 }");
    Check("value", "Cy 3", read.Value.Deserialize<Order>() is { } order ? $"{order.Customer} {order.Total}" : null);

    // Without a contract: refused, with the way out.
    try
    {
        _ = Enclave.Protocol.ScriptValue.From(new { A = 1 });
        Check("anonymous", "refused", "accepted");
    }
    catch (ArgumentException fault)
    {
        Check("anonymous", "True", $"{fault.Message.Contains("JsonContracts.Add", StringComparison.Ordinal)}");
    }

    try
    {
        new ToolCollection().Add("anonymous", (int a) => new { A = a });
        Check("anonymous result", "refused", "accepted");
    }
    catch (ArgumentException fault)
    {
        Check("anonymous result", "True", $"{fault.Message.Contains("JsonContracts.Add", StringComparison.Ordinal)}");
    }
}

async Task ServicesAsync()
{
    HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
    builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Enclave:SecurityLevel"] = "SECURE",
        ["Enclave:Timeout"] = "20s",
        ["Enclave:WorkerPool:MinWorkers"] = "1",
        ["Enclave:WorkerPool:MaxWorkers"] = "1",
        ["Enclave:WorkerPool:StartTimeout"] = "1m",
        ["Enclave:Globals:region"] = "eu",
    });
    builder.Services.AddSingleton(new Greetings("Hello"));
    builder.Services.AddEnclave(builder.Configuration.GetSection("Enclave"))
        .AddTool<Greet>()
        .AddTool("shout", (string word, Greetings greetings) => greetings.For(word).ToUpperInvariant())
        .AddTools<Counter>();
    using IHost app = builder.Build();
    await app.StartAsync();
    var enclave = app.Services.GetRequiredService<IEnclave>();
    await IsAsync(enclave, "\"Hello Ada\"", "return (await callTool('greet', { name: 'Ada' })).text");
    await IsAsync(enclave, "\"HELLO BOB\"", "return await callTool('shout', { word: 'Bob' })");
    await IsAsync(enclave, "5", "return await callTool('count', { text: 'Hello' })");
    await IsAsync(enclave, "\"eu\"", "return region");
    await app.StopAsync();
}

async Task DurableAsync(string at)
{
    var options = new EnclaveOptions
    {
        WorkerPool = Pool(),
        Durable = new DurableOptions { Store = RunStore.InFolder(Path.Combine(at, "runs")), Keys = [new byte[32]] },
    };
    options.Tools.Add("refund", (int id) => $"refunded {id}");
    await using var enclave = new EnclaveHost(options);
    DurableRun run = await enclave.StartAsync(
        "if (!await waitFor('approval', { timeout: '2d' })) return 'no'; return await callTool('refund', { id: 42 })",
        new RunOptions { Durable = "refund-42" });
    await enclave.AnswerAsync(run.Waits[0].Token, true);
    Check("durable", "\"refunded 42\"", (await enclave.Runs.WaitAsync("refund-42")).Result?.Value.ToJsonString());
    ExecutionResult ended = await enclave.RunAsync("throw new RangeError('too far')", new RunOptions { Durable = "fails" });
    Check("durable error", "RangeError", ended.Error?.Name);
}

async Task OpenApiAsync(string at)
{
    string document = Path.Combine(at, "shop.json");
    await File.WriteAllTextAsync(document, """
        { "openapi": "3.0.3", "info": { "title": "Shop", "version": "1" }, "paths": { "/orders/{id}": { "get": { "operationId": "getOrder",
          "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
          "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": { "type": "object",
            "properties": { "id": { "type": "integer" }, "state": { "type": "string" } } } } } } } } } } }
        """);
    using OpenApiService service = await OpenApiService.LoadAsync(new OpenApiOptions
    {
        Name = "shop",
        Document = document,
        BaseAddress = new Uri("https://shop.example/v1"),
        HttpClient = () => new HttpClient(new Shop()),
    });
    var options = new EnclaveOptions { WorkerPool = Pool() };
    options.Tools.Add(service);
    await using var enclave = new EnclaveHost(options);
    await IsAsync(enclave, """{"id":7,"state":"open"}""", "return await callTool('shop:getOrder', { id: 7 })");
}

async Task McpAsync()
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Services.AddEnclave((options) =>
    {
        options.WorkerPool = Pool();
        options.Tools.Add("orders:count", (string status) => status == "open" ? 3 : 0);
    });
    builder.Services.AddEnclaveMcp();
    await using WebApplication app = builder.Build();
    app.MapEnclaveMcp("/mcp").AllowAnonymous();
    await app.StartAsync();
    var address = new HttpClientTransportOptions { Endpoint = new Uri($"{app.Urls.First()}/mcp") };
    await using McpClient client = await McpClient.CreateAsync(new HttpClientTransport(address));
    CallToolResult answer = await client.CallToolAsync(
        "run_code", new Dictionary<string, object?> { ["code"] = "return 14 * await callTool('orders:count', { status: 'open' })" });
    Check("mcp", "True", $"{answer.Content.OfType<TextContentBlock>().Any((block) => block.Text.Contains("42", StringComparison.Ordinal))}");
    await app.StopAsync();
}

// Other tests take the machine meanwhile.
static WorkerPoolOptions Pool() => new() { MinWorkers = 1, MaxWorkers = 1, StartTimeout = TimeSpan.FromMinutes(1) };

async Task IsAsync(IEnclave enclave, string expected, string script, RunOptions? run = null)
{
    ExecutionResult result = await enclave.RunAsync(script, run);
    Check(script, expected, result.Success ? result.Value.ToJsonString() : $"{result.Error!.Code.ToCode()}: {result.Error.Message}");
}

void Check(string what, string expected, string? got)
{
    if (got == expected) return;
    failures++;
    Console.WriteLine($"{what}: {got ?? "null"} instead of {expected}");
}

internal sealed record ListArgs
{
    [Range(1, 100)]
    public int Limit { get; init; } = 1;
}

internal sealed record Order(string Customer, double Total);

internal readonly record struct Point(double X, Color Color);

internal enum Color
{
    Red,
    Blue,
}

internal sealed record GreetArgs(string Name);

internal readonly record struct Greeting(string Text);

internal sealed class Greetings(string word)
{
    public string For(string name) => $"{word} {name}";
}

internal sealed class Greet(Greetings greetings) : ITool<GreetArgs, Greeting>
{
    public static string Name => "greet";

    public Task<Greeting> CallAsync(GreetArgs arguments, ToolContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new Greeting(greetings.For(arguments.Name)));
}

internal sealed class Counter
{
    [EnclaveTool]
    public Task<int> CountAsync(string text) => Task.FromResult(text.Length);
}

internal sealed class Clock
{
    [EnclaveTool, Description("The date of today.")]
    public string Today() => "2026-01-31";
}

internal sealed class Shop : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent("""{"id":7,"state":"open"}""", Encoding.UTF8, "application/json"),
        });
}

[JsonSerializable(typeof(ListArgs))]
[JsonSerializable(typeof(Order[]))]
[JsonSerializable(typeof(Point))]
[JsonSerializable(typeof(GreetArgs))]
[JsonSerializable(typeof(Greeting))]
internal sealed partial class AppJson : JsonSerializerContext;

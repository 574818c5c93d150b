using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Mcp.Tests.Clients;

namespace Enclave.Mcp.Tests;

/// <summary>The tokens that a task of ten calls costs a model: call by call, and in code mode.</summary>
/// <remarks>Both ways have the same 44 tools, are carried out, and do the same. A turn's input is the tools and all that was said before.</remarks>
public sealed class TenStepTests : IAsyncLifetime
{
    private const string Task = "Remind each customer with an overdue order among the newest 40, by mail in the customer's language. Tell me whom.";

    private const string Script = """
        const { orders } = await callTool('shop:orders_list', { limit: 40 });
        const told = [];
        for (const order of orders.filter((order) => order.state === 'overdue')) {
          const customer = await callTool('shop:customer_get', { id: order.customer });
          const text = customer.language === 'de' ? `Bitte zahlen Sie Bestellung ${order.id}.` : `Please pay for order ${order.id}.`;
          await callTool('mail:send', { to: customer.mail, text });
          told.push(customer.name);
        }
        return told;
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-ten-steps-").FullName;
    private readonly List<string> _sent = [];
    private readonly EnclaveOptions _options = new();
    private FleetServers _fleet = null!;
    private McpToolSource _source = null!;
    private EnclaveHost _enclave = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _fleet = await FleetServers.StartAsync(Token);
        _source = (await _fleet.ConnectAsync(["github"], [], Token))[0];
        _options.Tools
            .Add("shop:orders_list", Orders, new ToolOptions { Description = "Lists orders, newest first." })
            .Add("shop:customer_get", Customer, new ToolOptions { Description = "Gets a customer by id." })
            .Add("mail:send", Send, new ToolOptions { Description = "Sends a mail." })
            .Add("mail:list", (int limit) => Array.Empty<string>(), new ToolOptions { Description = "Lists mails that were sent." })
            .Add(_source);
        _enclave = new EnclaveHost(_options);
    }

    public async ValueTask DisposeAsync()
    {
        await _enclave.DisposeAsync();
        await _source.DisposeAsync();
        _fleet.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Code_mode_takes_a_fraction_of_the_tokens()
    {
        List<string> direct = Direct();
        string[] directly = [.. _sent];
        _sent.Clear();
        ExecutionResult result = await _enclave.RunAsync(Script, cancellationToken: Token);
        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(directly, _sent);
        (int Turns, int Input, int Output) one = await CostAsync(direct), other = await CostAsync(Code(ModelTextFormat.TypeScript)),
            members = await CostAsync(Code(ModelTextFormat.Namespaces));

        FormattableString figures = $"""
            call by call: {one.Turns} turns, {one.Input} tokens in, {one.Output} out; code mode: {other.Turns} turns, {other.Input} in, {other.Output} out;
            with tools as members: {members.Input} in
            """;
        TestContext.Current.TestOutputHelper?.WriteLine(figures.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(10, one.Turns);
        Assert.InRange(other.Input, 1, one.Input / 2);
        Assert.InRange(members.Input, 1, other.Input);

        string[] Code(ModelTextFormat format) =>
        [
            Tool("run_code", _enclave.DescribeForModel(format), """{"type":"object","required":["code"],"properties":{"code":{"type":"string"}}}"""),
            Task,
            Call("run_code", new JsonObject { ["code"] = Script }),
            new JsonObject { ["value"] = JsonNode.Parse(result.Value.ToJsonString()) }.ToJsonString(),
            "I reminded them.",
        ];
    }

    /// <summary>The tools, the task, and then call and result in turns, to the answer.</summary>
    private List<string> Direct()
    {
        var said = new List<string> { string.Join('\n', _options.Tools.SelectMany(Definitions)), Task };
        JsonNode orders = Step("shop:orders_list", new JsonObject { ["limit"] = 40 }, Orders(40));
        foreach (JsonNode? order in orders["orders"]!.AsArray().Where((order) => (string)order!["state"]! == "overdue"))
        {
            JsonNode customer = Step("shop:customer_get", new JsonObject { ["id"] = (int)order!["customer"]! }, Customer((int)order["customer"]!));
            string text = (string)customer["language"]! == "de" ? $"Bitte zahlen Sie Bestellung {order["id"]}." : $"Please pay for order {order["id"]}.";
            Step("mail:send", new JsonObject { ["to"] = (string)customer["mail"]!, ["text"] = text }, Send((string)customer["mail"]!, text));
        }

        said.Add("I reminded them.");
        return said;

        JsonNode Step(string tool, JsonObject arguments, object result)
        {
            JsonNode answer = JsonSerializer.SerializeToNode(result)!;
            said.AddRange(Call(tool, arguments), answer.ToJsonString());
            return answer;
        }
    }

    /// <summary>Every second text after the task is the model's: each is a turn, whose input is all before it.</summary>
    private async Task<(int Turns, int Input, int Output)> CostAsync(IReadOnlyList<string> said)
    {
        int[] counts = await Tokens.CountAsync(_folder, said);
        int[] turns = [.. Enumerable.Range(2, counts.Length - 2).Where((at) => at % 2 == 0)];
        return (turns.Length, turns.Sum((at) => counts[..at].Sum()), turns.Sum((at) => counts[at]));
    }

    private static IEnumerable<string> Definitions(object entry) => entry switch
    {
        ToolDefinition tool => [Tool(tool.Name, tool.Description ?? "", tool.ArgumentsSchema.ToJsonString())],
        ToolSource source => source.Tools.SelectMany(Definitions),
        _ => [],
    };

    private static string Tool(string name, string description, string schema) =>
        new JsonObject { ["name"] = name, ["description"] = description, ["inputSchema"] = JsonNode.Parse(schema) }.ToJsonString();

    private static string Call(string tool, JsonObject arguments) => new JsonObject { ["name"] = tool, ["arguments"] = arguments }.ToJsonString();

    private static OrderList Orders(int limit) => new([.. Enumerable.Range(1, limit).Select((at) => new Order(
        5000 - at, 100 + (at % 23), at % 10 == 3 ? "overdue" : "paid", 19.5m + (7 * at), "2026-11-22", at % 2 == 0 ? "card" : "invoice"))]);

    private static Customer Customer(int id) =>
        new(id, $"Customer {id}", $"customer{id}@shop.example", id % 2 == 0 ? "de" : "en", "12 Long Street, 10115 Berlin");

    private string Send(string to, string text)
    {
        _sent.Add($"{to}: {text}");
        return "sent";
    }
}

/// <summary>The tool's result: a list of orders.</summary>
internal sealed record OrderList(IReadOnlyList<Order> orders);

/// <summary>One order.</summary>
internal sealed record Order(int id, int customer, string state, decimal total, string day, string payment);

/// <summary>One customer.</summary>
internal sealed record Customer(int id, string name, string mail, string language, string address);

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Text;
using System.Text.Json;
using Anthropic;
using Enclave.Extensions.AI;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using OpenAI;

namespace Enclave.Agents.AI.Tests;

/// <summary>The same function in Semantic Kernel, and over the official clients of models. Nothing is sent: the request that would be is read.</summary>
public sealed class OtherLibraryTests : IAsyncLifetime
{
    private const string Question = "What do the orders add up to?";

    private readonly EnclaveHost _enclave = Host();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _enclave.DisposeAsync();

    [Fact]
    public async Task Semantic_Kernel_has_it_as_a_function_and_its_own_functions_are_tools_of_scripts()
    {
        KernelFunction total = KernelFunctionFactory.CreateFromMethod((int[] amounts) => amounts.Sum(), "total", "Adds amounts.");
        KernelPlugin shop = KernelPluginFactory.CreateFromFunctions("shop", [total]);
        var kernel = new Kernel();
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions(shop.Select((function) => function.WithKernel(kernel)), prefix: "shop");
        await using var enclave = new EnclaveHost(options);

        kernel.Plugins.AddFromFunctions("enclave", [enclave.AsAIFunction().AsKernelFunction()]);

        var arguments = new KernelArguments { ["code"] = "return await tools.shop.total({ amounts: [1, 2, 3] })" };
        FunctionResult result = await kernel.InvokeAsync("enclave", "run_code", arguments, Agents.Token);
        Assert.Equal("""{"value":6}""", $"{result.GetValue<object>()}");
        Assert.Contains("shop:total", kernel.Plugins["enclave"]["run_code"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_official_OpenAI_client_would_send_the_function_and_its_call_is_run()
    {
        var http = new RecordedHttp(
            """
            {"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",
            "content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"run_code",
            "arguments":"{\"code\":\"return await callTool('orders')\"}"}}]}}]}
            """,
            """
            {"id":"2","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",
            "message":{"role":"assistant","content":"63"}}]}
            """);
        var settings = new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(new HttpClient(http)) };
        using IChatClient agent = new OpenAIClient(new ApiKeyCredential("none"), settings)
            .GetChatClient("m").AsIChatClient().AsBuilder().UseFunctionInvocation().Build();

        ChatResponse answer = await agent.GetResponseAsync(Question, new ChatOptions { Tools = [_enclave.AsAIFunction()] }, Agents.Token);

        Assert.Equal("63", answer.Text);
        JsonElement function = http.Requests[0].GetProperty("tools")[0].GetProperty("function");
        Assert.Equal("run_code", function.GetProperty("name").GetString());
        Assert.Contains("callTool(name: 'orders'", function.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal("string", function.GetProperty("parameters").GetProperty("properties").GetProperty("code").GetProperty("type").GetString());
        string? result = http.Requests[1].GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString();
        Assert.Equal([21, 42], JsonElement.Parse(result!).GetProperty("value").EnumerateArray().Select((amount) => amount.GetInt32()));
    }

    [Fact]
    public async Task The_official_Anthropic_client_would_send_the_function_and_its_call_is_run()
    {
        var http = new RecordedHttp(
            """
            {"id":"1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","stop_sequence":null,
            "usage":{"input_tokens":1,"output_tokens":1},
            "content":[{"type":"tool_use","id":"call_1","name":"run_code","input":{"code":"return await callTool('orders')"}}]}
            """,
            """
            {"id":"2","type":"message","role":"assistant","model":"m","stop_reason":"end_turn","stop_sequence":null,
            "usage":{"input_tokens":1,"output_tokens":1},
            "content":[{"type":"text","text":"63"}]}
            """);
        using IChatClient agent = new AnthropicClient { ApiKey = "none", HttpClient = new HttpClient(http) }
            .AsIChatClient("m").AsBuilder().UseFunctionInvocation().Build();

        ChatResponse answer = await agent.GetResponseAsync(Question, new ChatOptions { Tools = [_enclave.AsAIFunction()] }, Agents.Token);

        Assert.Equal("63", answer.Text);
        JsonElement tool = http.Requests[0].GetProperty("tools")[0];
        Assert.Equal("run_code", tool.GetProperty("name").GetString());
        Assert.Contains("callTool(name: 'orders'", tool.GetProperty("description").GetString(), StringComparison.Ordinal);
        Assert.Equal("string", tool.GetProperty("input_schema").GetProperty("properties").GetProperty("code").GetProperty("type").GetString());
        string result = http.Requests[1].GetProperty("messages").EnumerateArray().Last().GetRawText();
        Assert.Matches("""call_1.*21.*42""", result);
    }

    private static EnclaveHost Host()
    {
        var options = new EnclaveOptions();
        options.Tools.AddAIFunctions([AIFunctionFactory.Create(() => new[] { 21, 42 }, "orders", "The amounts of all orders.")]);
        return new EnclaveHost(options);
    }

    /// <summary>Keeps the requests, and answers them from a list.</summary>
    private sealed class RecordedHttp(params string[] answers) : HttpMessageHandler
    {
        public List<JsonElement> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(JsonElement.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)));
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(answers[Requests.Count - 1], Encoding.UTF8, "application/json"),
                RequestMessage = request,
            };
        }
    }
}

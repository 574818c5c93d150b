using Enclave;
using Enclave.Extensions.AI;
using Enclave.Mcp;
using Enclave.Samples;
using Microsoft.Extensions.AI;

// An agent in code mode: its model has one tool, run_code. Scripts reach two MCP servers and a function of this program.
//   dotnet run --project samples/code-mode                    # the servers come by npx
//   dotnet run --project samples/code-mode -- NODE MODULES    # they lie in a folder node_modules
string folder = Directory.CreateTempSubdirectory("enclave-code-mode-").FullName;
await File.WriteAllTextAsync(Path.Combine(folder, "monday.csv"), "apples,3\npears,4\n");
await File.WriteAllTextAsync(Path.Combine(folder, "tuesday.csv"), "apples,5\nplums,2\n");
await using McpToolSource files = await McpToolSource.ConnectAsync(new() { Name = "files", Command = Server("server-filesystem", folder) });
await using McpToolSource memory = await McpToolSource.ConnectAsync(new()
{
    Name = "memory",
    Command = Server("server-memory") with { Environment = new Dictionary<string, string> { ["MEMORY_FILE_PATH"] = Path.Combine(folder, "memory.jsonl") } },
});
var options = new EnclaveOptions { OnToolApproval = (request) => new(ToolApproval.Denied("nobody watches this sample")) };
options.Tools.Add(files).Add(memory).AddAIFunctions([AIFunctionFactory.Create((string fruit) => fruit == "apples" ? 2 : 3, "price", "The price of a fruit.")],
    "shop");
await using var enclave = new EnclaveHost(options);

// Your model's client goes here, any IChatClient.
using var model = new ScriptedModel(folder);
AIFunction code = enclave.AsAIFunction();
var messages = new List<ChatMessage> { new(ChatRole.User, "What did we sell, and for how much? Remember the total.") };
for (int turn = 1; turn <= 5; turn++)
{
    ChatResponse response = await model.GetResponseAsync(messages, new ChatOptions { Tools = [code] });
    messages.AddRange(response.Messages);
    FunctionCallContent[] calls = [.. response.Messages.SelectMany((message) => message.Contents).OfType<FunctionCallContent>()];
    if (calls.Length == 0)
    {
        Console.WriteLine($"--- answer after {turn} turns: {response.Text}");
        break;
    }

    foreach (FunctionCallContent call in calls)
    {
        Console.WriteLine($"--- turn {turn}, the model writes:\n{call.Arguments!["code"]}");
        object? result = await code.InvokeAsync(new AIFunctionArguments(call.Arguments));
        Console.WriteLine($"--- it gets: {result}");
        messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)]));
    }
}

Directory.Delete(folder, recursive: true);

McpCommand Server(string package, params string[] arguments) => args is [var node, var modules]

    ? new McpCommand(node) { Arguments = [Path.Combine(modules, "@modelcontextprotocol", package, "dist", "index.js"), .. arguments] }
    : new McpCommand("npx") { Arguments = ["-y", $"@modelcontextprotocol/{package}", .. arguments] };

using System.ComponentModel;
using System.Text.Json;

namespace Enclave.Host.Tests;

/// <summary>The sample of docs/tools.md about plain functions, methods, and tools of one run.</summary>
public sealed class FunctionsSample
{
    [Fact]
    public async Task Functions_methods_and_schemas_are_tools()
    {
        // sample
        var options = new EnclaveOptions();
        options.Tools
            .Add("sum", (int a, int b) => a + b)
            .Add("greet", async (string name, string greeting = "Hello", CancellationToken token = default) => await Task.FromResult($"{greeting} {name}"))
            .AddMethods(new Clock(), prefix: "clock")
            .Add("echo", JsonElement.Parse("""{ "type": "object", "properties": { "text": { "type": "string" } }, "required": ["text"] }"""),
                (args, context, token) => new(args["text"]));
        await using var enclave = new EnclaveHost(options);

        var own = new RunOptions { Tools = new ToolCollection().Add("tax", (double net) => net * 1.2) };
        ExecutionResult result = await enclave.RunAsync(
            """
            return [
              await callTool('sum', { a: 2, b: 3 }), await callTool('greet', { name: 'Ann' }), await callTool('clock:today'),
              await callTool('echo', { text: 'hi' }), await callTool('tax', { net: 10 }),
            ];
            """,
            own);
        // end

        Assert.Equal("[5,\"Hello Ann\",\"2026-11-22\",\"hi\",12]", result.Value.ToJsonString());
    }

#pragma warning disable CA1822 // an application's has state
    // sample
    internal sealed class Clock
    {
        [EnclaveTool, Description("The date of today.")]
        public string Today() => "2026-11-22";
    }
    // end
}

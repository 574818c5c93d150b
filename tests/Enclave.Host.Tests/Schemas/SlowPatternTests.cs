using System.Text.Json;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Schemas.Checks;
using Enclave.Tests;

namespace Enclave.Host.Tests.Schemas;

/// <summary>Patterns of schemas, in runs.</summary>
public sealed class SlowPatternTests
{
    [Fact]
    public async Task A_pattern_that_takes_too_long_refuses_the_call()
    {
        var tools = new ToolCollection().Add(
            "act", Parse("""{ "properties": { "v": { "pattern": "^(?:a{0,70}){100}b" } } }"""), (args, context, token) => default);
        await using var host = new EnclaveHost(new EnclaveOptions().WithoutGuard());

        ExecutionResult result = await host.RunAsync(
            "return await callTool('act', { v: 'a'.repeat(1_000_000) }).then(() => 'fits', (e) => e.code + ': ' + e.message)",
            new RunOptions { Tools = tools, CpuTimeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal("TOOL_ARGUMENTS_TOO_LARGE: the arguments of act cannot be checked within bounds: the host spends 300 ms of CPU time on the arguments " +
            "of one run (CpuTimeout), and it is used up. Pass less at once", result.Value.AsString());
    }

    private static JsonElement Parse(string json)
    {
        using JsonDocument read = JsonDocument.Parse(json);
        return read.RootElement.Clone();
    }
}

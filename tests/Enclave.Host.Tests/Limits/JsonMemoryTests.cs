using System.Text.Json;
using Enclave.Tools;

namespace Enclave.Host.Tests.Limits;

/// <summary>JSON that is made of a script's arguments counts as the run's memory.</summary>
public sealed class JsonMemoryTests
{
    private const int Megabyte = 1 << 20;

    // A control character is one byte in a message, two in the host, and six in JSON.
    private const string Script =
        "let text = '\\u0001'; for (let i = 0; i < 20; i++) text += text; return await callTool('take', { text }).catch((e) => e.code)";

    [Theory]
    [InlineData(4, "TOOL_ARGUMENTS_TOO_LARGE")]
    [InlineData(32, "taken")]
    public async Task Arguments_whose_JSON_has_no_room_are_refused(int megabytes, string outcome)
    {
        await using EnclaveHost host = Host(megabytes, (tools) => tools.Add("take", (string text) => text.Length == Megabyte ? "taken" : "other"));

        ExecutionResult result = await host.RunAsync(Script);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(outcome, result.Value.AsString());
    }

    [Theory]
    [InlineData(4, "TOOL_ARGUMENTS_TOO_LARGE")]
    [InlineData(32, "taken")]
    public async Task Members_whose_JSON_has_no_room_are_refused(int megabytes, string outcome)
    {
        await using EnclaveHost host = Host(megabytes, (tools) => tools.Add("take", JsonElement.Parse("{}"), (args, context, token) =>
            new ValueTask<object?>(ArgumentJson.MembersOf(args, context)["text"].GetString()!.Length == Megabyte ? "taken" : "other")));

        ExecutionResult result = await host.RunAsync(Script);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(outcome, result.Value.AsString());
    }

    private static EnclaveHost Host(int megabytes, Action<ToolCollection> add)
    {
        var options = new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { HostMemoryLimitPerRun = megabytes * Megabyte, HostMemoryLimit = 4L * megabytes * Megabyte },
        };
        add(options.Tools);
        return new EnclaveHost(options);
    }
}

using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/tool-effects.md.</summary>
public sealed class ToolEffectsSample
{
    [Fact]
    public async Task Runs()
    {
        // sample
        var options = new EnclaveOptions { SequencePolicy = SequencePolicyOptions.Standard };
        options.Tools.Add(
            "users:list", (ListArgs args, ToolContext context, CancellationToken token) => Task.FromResult(new[] { "ann@example.com" }), new ToolOptions
            {
                Effects = ToolEffects.Reads,
                Labels = ["pii"],
                Resource = "users",
                BulkLimits = new Dictionary<string, long> { ["limit"] = 500 },
            });
        options.Tools.Add(
            "mail:send", (MailArgs args, ToolContext context, CancellationToken token) => Task.CompletedTask, new ToolOptions { Effects = ToolEffects.Sends });
        options.Tools.Add("crm:push", (MailArgs args, ToolContext context, CancellationToken token) => Task.CompletedTask, new ToolOptions
        {
            Effects = ToolEffects.Sends,
            ClearedFor = ["pii"],
        });
        await using var enclave = new EnclaveHost(options);

        ExecutionResult kept = await enclave.RunAsync(
            "const to = await callTool('users:list', { limit: 10 }); await callTool('crm:push', { to }); return to.length");
        ExecutionResult stopped = await enclave.RunAsync("const to = await callTool('users:list', { limit: 10 }); await callTool('mail:send', { to })");

        Console.WriteLine(kept.Value);                   // 1
        Console.WriteLine(stopped.Error!.Data!["code"]); // TOOL_SEQUENCE_BLOCKED
        // end
        Assert.Equal("1", kept.Value.ToString());
        Assert.Equal("TOOL_SEQUENCE_BLOCKED", stopped.Error.Data["code"]);
    }

    // sample
    internal sealed record ListArgs(int Limit);

    internal sealed record MailArgs(string[] To);
    // end
}

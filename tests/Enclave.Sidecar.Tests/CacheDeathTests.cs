using Enclave.Protocol;
using Enclave.Sidecar.Tests.Servers;
using Enclave.Tests;

namespace Enclave.Sidecar.Tests;

/// <summary>The cache server is killed while a script works with its values.</summary>
public sealed class CacheDeathTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();
    private int _calls;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_step_then_ends_in_a_clear_error_and_the_host_goes_on()
    {
        IReferenceStore store = new DistributedCacheReferenceStore(_server.Cache());
        await using var host = new EnclaveHost(
            new EnclaveOptions { Sidecar = new SidecarOptions { Enabled = true, Threshold = 2048, Storage = store }, ToolHandler = Tools });

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("""
            const r = await callTool('text', {});
            await callTool('kill', {});
            const codes = [];
            for (const step of [() => r.load(), () => callTool('text', {}), () => callTool('count', { r })]) {
              try { await step(); codes.push('done'); } catch (e) { codes.push([e.code, e.message]); }
            }
            return codes;
            """, cancellationToken: TestContext.Current.CancellationToken), "answer");

        Assert.Equal(["give a value back", "keep a value", "give a value back"], result.Value.Items.Select(
            (step) => step[1].AsString()["the reference store failed to ".Length..]));
        Assert.All(result.Value.Items, (step) => Assert.Equal("REFERENCE_STORE_FAILED", step[0].AsString()));
        // The second tool call ran once, and no call was repeated: the third never reached its tool.
        Assert.Equal(3, _calls);
        Assert.Equal(
            2, (await Within.Deadline(host.RunAsync("return 1 + 1", cancellationToken: TestContext.Current.CancellationToken), "answer")).Value.AsInt32());
    }

    [Fact]
    public async Task A_returned_reference_is_then_the_runs_error()
    {
        IReferenceStore store = new DistributedCacheReferenceStore(_server.Cache());
        await using var host = new EnclaveHost(
            new EnclaveOptions { Sidecar = new SidecarOptions { Enabled = true, Threshold = 2048, Storage = store }, ToolHandler = Tools });

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("const r = await callTool('text', {}); await callTool('kill', {}); return r",
                cancellationToken: TestContext.Current.CancellationToken), "answer");

        Assert.Equal((ErrorCode.ToolError, "REFERENCE_STORE_FAILED"), (result.Error!.Code, result.Error.Data!["code"]));
        Assert.Contains("the reference store failed to give a value back", result.Error.Message, StringComparison.Ordinal);
    }

    private ValueTask<object?> Tools(string name, ScriptValue args, ToolContext context)
    {
        Interlocked.Increment(ref _calls);
        if (name == "kill") _server.Kill();
        return new(name == "text" ? new string('x', 5000) : 1);
    }
}

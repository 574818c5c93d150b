using Enclave.Protocol;
using Enclave.Sidecar;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>A store that hangs, in runs.</summary>
public sealed class SidecarHangTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_store_that_hangs_takes_a_run_no_longer_than_its_timeout_and_the_tool_acts_once()
    {
        var gate = new TaskCompletionSource();
        int calls = 0;
        var store = new FaultyStore { Fault = () => gate.Task };
        await using var host = new SidecarHost((options) => options with { Storage = store, StorageTimeout = s_soon }, tools: (_, _, _) => new(
            (object)new string('x', 2000 + Interlocked.Increment(ref calls))));

        ScriptValue shown = await host.Value("try { await callTool('write', {}) } catch (e) { return [e.code, e.message] }");

        Assert.Equal("[\"REFERENCE_STORE_FAILED\",\"the reference store did not keep a value within 100 ms (Sidecar.StorageTimeout)\"]", shown.ToJsonString());
        Assert.Equal(1, calls);
        gate.SetResult();
    }
}

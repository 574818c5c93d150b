using Enclave.Isolation;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Isolation;

/// <summary>Workers on machines that do not offer every layer: an older kernel, a restricted container.</summary>
public sealed class FewerLayersTests
{
    public static TheoryData<SecurityLevel, IsolationLayer[]> Cases()
    {
        var cases = new TheoryData<SecurityLevel, IsolationLayer[]>();
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
        {
            cases.Add(level, [IsolationLayer.NoExecutableMemory]);
            cases.Add(level, [IsolationLayer.NoExecutableMemory, IsolationLayer.Seccomp]);
            cases.Add(level, Enum.GetValues<IsolationLayer>());
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_worker_that_lacks_layers_runs_scripts(SecurityLevel level, IsolationLayer[] lacking)
    {
        IsolationPlan plan = IsolationPlan.For(level, Machine.This, Enum.GetValues<IsolationLayer>()).Without(lacking);
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        };
        options.Tools.Add("twice", (ScriptValue args, ToolContext context, CancellationToken token) => Task.FromResult(args["of"].AsInt32() * 2));
        await using var host = new EnclaveHost(options, null, new TestLauncher(TestLauncher.Real(plan)));

        ExecutionResult result = await host.RunAsync("const twice = await callTool('twice', { of: 21 }); console.log(twice); return twice");
        ExecutionResult failed = await host.RunAsync("const none = null; return none.length");

        Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
        Assert.Equal(42, result.Value.AsInt32());
        Assert.Equal("TypeError", failed.Error?.Name);
    }
}

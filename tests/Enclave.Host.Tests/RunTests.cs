using Enclave.Protocol;

namespace Enclave.Host.Tests;

/// <summary>What a caller sees of single runs.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task A_program_returns_its_value()
    {
        await using var host = new EnclaveHost();

        ExecutionResult result = await host.RunAsync("return [1, 2, 3].map((x) => x * 2)");

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("[2,4,6]", result.Value.ToJsonString());
        Assert.Equal("process-only", result.Stats.Isolation);
    }
}

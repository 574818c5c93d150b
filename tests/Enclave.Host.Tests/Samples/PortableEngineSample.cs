using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/portable-engine.md.</summary>
public sealed class PortableEngineSample
{
    [Fact]
    public async Task A_run_on_the_portable_engine()
    {
        // sample
        await using var enclave = new EnclaveHost(new EnclaveOptions { Engine = ScriptEngine.Portable });

        ExecutionResult result = await enclave.RunAsync("return [1, 2, 3].map((n) => n * n)");
        Console.WriteLine(result.Value); // [1,4,9]
        Console.WriteLine(result.Stats.Isolation); // portable -HardenedProcess -ResourceLimits ...
        // end

        Assert.Equal("[1,4,9]", result.Value.ToString());
        Assert.StartsWith("portable -HardenedProcess -ResourceLimits", result.Stats.Isolation, StringComparison.Ordinal);
    }
}

using Enclave.Testing;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enclave.Host.Tests.OwnTools;

/// <summary>The sample of docs/packages.md over an application's own tools.</summary>
public sealed class OwnToolsSample
{
    [Fact]
    public async Task The_applications_own_tools_answer_over_services_of_the_test()
    {
        // sample
        var services = new ServiceCollection();
        Shop.AddTools(services);
        services.AddSingleton<IStock>(new EmptyStock());
        await using ServiceProvider provider = services.BuildServiceProvider();
        await using var enclave = new TestEnclave((options) =>
        {
            foreach (ToolDefinition tool in provider.GetRequiredService<IOptions<EnclaveOptions>>().Value.Tools) options.Tools.Add(tool);
        });
        enclave.When("return await callTool('stock:count', { sku: 'A1' })").Runs(async (script) => await script.CallAsync("stock:count", new { sku = "A1" }));

        ExecutionResult result = await enclave.Host.RunAsync("return await callTool('stock:count', { sku: 'A1' })");
        // end

        Assert.Equal((null, 0), (result.Error?.Message, result.Value.AsInt32()));
        enclave.When("const sku = {}; return await callTool('stock:count', sku)").Runs(async (script) => await script.CallAsync("stock:count"));
        ExecutionResult wrong = await Within.Deadline(enclave.Host.RunAsync("const sku = {}; return await callTool('stock:count', sku)"), "answer");
        Assert.Equal("TOOL_INVALID_ARGUMENTS", wrong.Error!.Data!["code"]);
    }
}

// sample
internal interface IStock
{
    int Count(string sku);
}

internal static class Shop
{
    public static void AddTools(IServiceCollection services) =>
        services.AddEnclave().AddTool("stock:count", (string sku, IStock stock) => stock.Count(sku), new ToolOptions { MaxCalls = 20 });
}

internal sealed class EmptyStock : IStock
{
    public int Count(string sku) => 0;
}
// end

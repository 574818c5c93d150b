using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Enclave.Host.Tests.Samples;

/// <summary>The sample of docs/hosting.md with several hosts.</summary>
public sealed class NamedHostsSample
{
    [Fact]
    public async Task Two_hosts_of_one_application()
    {
        TestLauncher.NeedsLevel(SecurityLevel.Secure);
        string[] args = [];

        // sample
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(args);
        builder.Services.AddEnclave("rules", (options) => options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 2 });
        builder.Services.AddEnclave("plugins", (options) =>
        {
            options.SecurityLevel = SecurityLevel.Secure;
            options.WorkerPool = WorkerPoolPresets.Secure with { MinWorkers = 0, MaxWorkers = 4 };
        }).AddHealthCheck();
        builder.Services.AddSingleton<Pricing>();
        using IHost app = builder.Build();
        await app.StartAsync();

        double price = await app.Services.GetRequiredService<Pricing>().PriceAsync(20);
        await app.StopAsync();
        // end

        Assert.Equal(18, price);
    }

    // sample
    internal sealed class Pricing([FromKeyedServices("rules")] IEnclave enclave)
    {
        public async Task<double> PriceAsync(double list)
        {
            ExecutionResult result = await enclave.RunAsync(
                "return list * 0.9", new RunOptions { Globals = new Dictionary<string, object?> { ["list"] = list } });
            return result.Value.AsDouble();
        }
    }
    // end
}

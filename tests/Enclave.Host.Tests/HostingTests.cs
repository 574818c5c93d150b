using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Enclave.Host.Tests;

/// <summary>Enclave inside an application host.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task An_application_serves_with_warm_workers_and_leaves_none_behind()
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddEnclave((options) =>
        {
            options.Adapter = EnclaveAdapter.WorkerPool;
            options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 2 };
        });
        using IHost app = builder.Build();
        await app.StartAsync();
        var enclave = app.Services.GetRequiredService<IEnclave>();
        Assert.True(enclave.GetSnapshot().IdleWorkers >= 2);

        ExecutionResult result = await enclave.RunAsync("return 1 + 1");
        await app.StopAsync();

        Assert.Equal(2, result.Value.AsInt32());
        Assert.Equal(0, enclave.GetSnapshot().Workers);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => enclave.RunAsync("return 1"));
    }

    [Fact]
    public async Task An_application_has_a_pool_unless_it_names_another_adapter()
    {
        var services = new ServiceCollection();
        services.AddEnclave();
        var embedded = new ServiceCollection();
        embedded.Configure<EnclaveOptions>((options) => options.Adapter = EnclaveAdapter.Embedded);
        embedded.AddEnclave();
        await using ServiceProvider pool = services.BuildServiceProvider(), one = embedded.BuildServiceProvider();

        Assert.Equal(WorkerPoolPresets.Standard.MaxWorkers, pool.GetRequiredService<IEnclave>().GetSnapshot().MaxWorkers);
        Assert.Equal(1, one.GetRequiredService<IEnclave>().GetSnapshot().MaxWorkers);
    }

    [Fact]
    public async Task Wrong_options_stop_the_application_at_its_start()
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddEnclave((options) => options.Timeout = TimeSpan.Zero);
        using IHost app = builder.Build();

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains("Timeout is 00:00:00; its range is", fault.Message, StringComparison.Ordinal);
    }
}

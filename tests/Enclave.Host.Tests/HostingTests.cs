using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
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
    public async Task Keys_that_change_after_the_start_are_logged_and_change_nothing()
    {
        var log = new LogLines();
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection([new("Enclave:MaxToolCalls", "3"), new("Enclave:Adapter", "Embedded"), new("Other", "1")]);
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddEnclave(builder.Configuration.GetSection("Enclave"));
        using IHost app = builder.Build();
        await app.StartAsync();

        foreach ((string key, string value) in ((string, string)[])[("Enclave:MaxToolCalls", "4"), ("Enclave:Timeout", "9s"), ("Other", "2")])
        {
            builder.Configuration[key] = value;
            ((IConfigurationRoot)builder.Configuration).Reload();
        }

        Assert.Equal(["Enclave:MaxToolCalls.", "Enclave:Timeout."], log.All.Where((line) => line.Id == 52).Select((line) => $"{line.Text.Split(' ')[3]}"));
        await app.StopAsync();
    }

    [Fact]
    public async Task More_memory_than_the_machine_has_is_a_warning()
    {
        var log = new LogLines();
        var pool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 2000, MemoryLimitPerWorker = 1L << 30 };
        await using var many = new EnclaveHost(new EnclaveOptions { WorkerPool = pool }, log);
        await using var usual = new EnclaveHost(new EnclaveOptions { WorkerPool = new() { MinWorkers = 0 } }, log);

        string told = Assert.Single(log.All, (line) => line.Id == 51).Text;

        Assert.StartsWith("2000 workers of 1024 MB may take 2048000 MB, and this machine or container has ", told, StringComparison.Ordinal);
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

using Enclave.Broker.Executors;
using Enclave.Broker.Lifecycle;
using Enclave.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Broker.Tests.Services;

/// <summary>Containers with a broker that are disposed without awaiting.</summary>
public sealed class ContainerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_container_ends_its_broker_without_awaiting(bool overRuntimes)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddEnclave(static (options) => options.WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 0, MaxWorkers = 1 });
        if (overRuntimes) services.AddEnclaveBrokerOverRuntimes(static (options) => options.Runtimes.Add(new Uri("ws://127.0.0.1:1/ws")));
        else services.AddEnclaveBroker();
        ServiceProvider provider = services.BuildServiceProvider();
        _ = (provider.GetRequiredService<IEnclave>(), provider.GetRequiredService<SessionDirectory>(), provider.GetRequiredService<IExecutor>());

        // A container that finds a service that can only be disposed asynchronously throws.
        await Within.Deadline(Task.Run(provider.Dispose), "end of the container");
    }
}

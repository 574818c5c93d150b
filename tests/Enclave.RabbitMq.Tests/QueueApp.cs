using Enclave.Broker;
using Enclave.Broker.Tests;
using Enclave.RabbitMq.Brokers;
using Enclave.Runtime;
using Enclave.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.RabbitMq.Tests;

/// <summary>Brokers and runtimes at one server, separated from other tests by a prefix.</summary>
internal sealed class QueueApp(Uri server) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    public string Prefix { get; init; } = $"t{Guid.NewGuid():N}";

    public Uri Server => server;

    /// <summary>True if the test waits until a broker sees it.</summary>
    public bool HasServer { get; init; } = true;

    /// <summary>A broker with the tools of the tests, open to everybody.</summary>
    public async Task<BrokerApp> Broker(Action<QueueBrokerOptions>? queues = null, Action<EnclaveOptions>? enclave = null,
        Action<BrokerOptions>? broker = null, Action<IServiceCollection>? services = null, Action<WebApplication>? routes = null)
    {
        BrokerApp app = await BrokerApp.Start(
            (all) =>
            {
                all.AddOptions<EnclaveOptions>().Configure(TestTools.Add);
                if (enclave is not null) all.Configure(enclave);
                all.AddEnclaveBrokerOverQueues(
                    (options) =>
                    {
                        (options.Address, options.Prefix) = (server, Prefix);
                        queues?.Invoke(options);
                    },
                    broker);
                services?.Invoke(all);
            },
            routes ?? (static (app) => app.MapEnclaveBroker().AllowAnonymous()));
        _open.Add(app);
        if (HasServer) await Within.Becomes(() => app.Services.GetRequiredService<BrokerQueueLink>().Fault is null, "the broker is connected", () =>
            app.Services.GetRequiredService<BrokerQueueLink>().Fault ?? "");
        return app;
    }

    /// <summary>A runtime that takes sessions from the queues.</summary>
    public async Task<RuntimeOverQueues> Runtime(
        int sessions = 4, Action<QueueRuntimeOptions>? queues = null, Func<RuntimeWorkerOptions, RuntimeWorkerOptions>? worker = null)
    {
        var options = new RuntimeWorkerOptions { Port = 0, MaxSessions = sessions, SecurityLevel = SecurityLevel.Standard };
        var runtime = await RuntimeOverQueues.Start(worker?.Invoke(options) ?? options, Options());
        _open.Add(runtime);
        return runtime;

        QueueRuntimeOptions Options()
        {
            var taken = new QueueRuntimeOptions { Address = server, Prefix = Prefix };
            queues?.Invoke(taken);
            return taken;
        }
    }

    /// <summary>Waits until a broker sees this many runtimes.</summary>
    public static Task Ready(BrokerApp broker) =>
        Within.Becomes(() => broker.Http.GetAsync("/health").GetAwaiter().GetResult().IsSuccessStatusCode, "the broker is ready");

    public async ValueTask DisposeAsync()
    {
        // Brokers are disposed last, so that sessions can send their last events.
        foreach (IAsyncDisposable one in Enumerable.Reverse(_open)) await one.DisposeAsync();
    }
}
